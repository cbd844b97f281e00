package org.headscope.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.headscope.hooks.HeadscopeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LauncherTest {
    @Test
    @EnabledOnOs(OS.LINUX)
    void withoutADisplayTheWindowIsRefusedAsWrongUse() {
        assertThat(openWithoutDisplay(new ByteArrayOutputStream())).isEqualTo(2);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void withoutADisplayOneLineNamesACommandThatNeedsNone() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        openWithoutDisplay(err);
        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .singleElement()
                .asString()
                .contains("DISPLAY", "headscope demo");
    }

    @ParameterizedTest(name = "{0} DISPLAY={1} WAYLAND_DISPLAY={2} -> {3}")
    @CsvSource({
        "Linux,      '',   '',        false",
        "Linux,      :0,   '',        true",
        "Linux,      '',   wayland-0, true",
        "Windows 11, '',   '',        true",
        "Mac OS X,   '',   '',        true"
    })
    void aDisplayIsKnownFromTheSystem(String os, String x11, String wayland, boolean present) {
        assertThat(Display.isPresent(os, Map.of("DISPLAY", x11, "WAYLAND_DISPLAY", wayland)))
                .isEqualTo(present);
    }

    @Test
    void windowThatCannotOpenSaysWhyInOneLine() {
        assertThat(Launcher.notOpened(new HeadscopeException("Headscope's own files are missing: no folder x")))
                .isEqualTo("headscope: Headscope's own files are missing: no folder x");
    }

    @Test
    void unexpectedReasonPointsToTheLog() {
        assertThat(Launcher.notOpened(new IllegalStateException("odd")))
                .contains("odd")
                .contains("headscope.log");
    }

    private static int openWithoutDisplay(ByteArrayOutputStream err) {
        return Launcher.openWindow(Map.of(), new PrintStream(err, true, StandardCharsets.UTF_8));
    }
}
