package org.headscope.app;

import java.util.Locale;
import java.util.Map;

/** Whether this machine can show a window at all. */
public final class Display {
    private Display() {}

    /** Windows and macOS always have a screen; elsewhere X11 or Wayland announces itself in the environment. */
    public static boolean isPresent(String osName, Map<String, String> environment) {
        String os = osName.toLowerCase(Locale.ROOT);
        return os.startsWith("windows")
                || os.startsWith("mac")
                || isSet(environment, "DISPLAY")
                || isSet(environment, "WAYLAND_DISPLAY");
    }

    private static boolean isSet(Map<String, String> environment, String name) {
        return !environment.getOrDefault(name, "").isBlank();
    }
}
