package org.headscope.hooks.runtime;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import org.headscope.hooks.HeadscopeException;
import org.jspecify.annotations.Nullable;

/**
 * Starts the tensor engine once per process.
 *
 * <p>The engine is switched to offline mode first, so its native libraries come from the jars on the class path (or
 * from {@code PYTORCH_LIBRARY_PATH}) and nothing is fetched at run time. {@link NativeMemory} is applied before the
 * libraries are loaded, so that every tensor is allocated under the same rules.
 */
public final class Engines {
    private static final String ENGINE_NAME = "PyTorch";

    private static @Nullable Engine engine;

    private static final Object ONE_GRADIENT_AT_A_TIME = new Object();

    private Engines() {}

    /** {@return what to synchronise on while gradients are collected: the engine collects one at a time in a process} */
    public static Object gradientLock() {
        return ONE_GRADIENT_AT_A_TIME;
    }

    /**
     * The engine, started on the first call.
     *
     * @return the engine
     * @throws HeadscopeException when its native libraries are missing or cannot be loaded
     */
    public static synchronized Engine get() {
        Engine started = engine;
        if (started == null) {
            started = start();
            engine = started;
        }
        return started;
    }

    /**
     * A new memory scope at the top of the tree; whoever asks for it closes it.
     *
     * @return an open manager on the engine's default device
     * @throws HeadscopeException when the engine cannot be started
     */
    public static NDManager newManager() {
        return get().newBaseManager();
    }

    /** Keeps native libraries from being fetched at run time; called before anything that loads one. */
    public static void forbidDownloads() {
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
    }

    private static Engine start() {
        forbidDownloads();
        NativeMemory.apply();
        try {
            return Engine.getEngine(ENGINE_NAME);
        } catch (RuntimeException | LinkageError | AssertionError e) {
            throw new HeadscopeException(
                    "The tensor engine could not be started on " + platform() + ": " + rootMessage(e)
                            + ". Build or install Headscope for this platform, so that its pytorch-native-cpu jar is on"
                            + " the class path, or let PYTORCH_LIBRARY_PATH name a folder with libtorch. Nothing is"
                            + " downloaded at run time.",
                    e);
        }
    }

    private static String platform() {
        return System.getProperty("os.name") + " " + System.getProperty("os.arch");
    }

    private static String rootMessage(Throwable error) {
        Throwable root = error;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = root.getMessage();
        return message == null ? root.getClass().getSimpleName() : message;
    }
}
