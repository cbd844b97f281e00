package org.headscope.app;

import java.io.PrintStream;
import java.util.Map;
import java.util.logging.Logger;
import javafx.application.Application;
import org.headscope.app.cli.HeadscopeCli;
import org.headscope.app.files.UserHome;
import org.headscope.hooks.HeadscopeException;

/**
 * Where the program starts: arguments go to the command line, none open the window.
 *
 * <p>It does not extend {@link Application}, because Java refuses to start such a class from the class path. Nothing of
 * JavaFX is loaded before the window is wanted, so the command line runs on machines without a toolkit.
 */
public final class Launcher {
    static final int FAILED = 1;
    static final int WRONG_USE = 2;

    /** Held here because the log manager forgets loggers, and their filters, that nobody refers to. */
    private static final Logger TOOLKIT_LOG = Logger.getLogger("javafx");

    private Launcher() {}

    /** @param args the command line; none opens the window */
    public static void main(String[] args) {
        System.exit(args.length > 0 ? HeadscopeCli.run(args) : openWindow(System.getenv(), System.err));
    }

    static int openWindow(Map<String, String> environment, PrintStream err) {
        if (!Display.isPresent(System.getProperty("os.name", ""), environment)) {
            err.println(noDisplay("neither DISPLAY nor WAYLAND_DISPLAY is set"));
            return WRONG_USE;
        }
        acceptToolkitOnTheClassPath();
        try {
            Application.launch(HeadscopeApp.class);
        } catch (UnsupportedOperationException e) {
            err.println(noDisplay(String.valueOf(e.getMessage())));
            return WRONG_USE;
        }
        HeadscopeApp.startFailure().ifPresent(failure -> err.println(notOpened(failure)));
        return HeadscopeApp.startFailure().isPresent() ? FAILED : 0;
    }

    static String notOpened(Throwable failure) {
        return failure instanceof HeadscopeException
                ? "headscope: " + failure.getMessage()
                : "headscope: the window could not open, unexpected " + failure + "; the log has the details: "
                        + UserHome.locate().logFile();
    }

    /** JavaFX warns when it is no named module; most libraries here are none either, so that is how it is run. */
    private static void acceptToolkitOnTheClassPath() {
        TOOLKIT_LOG.setFilter(
                log -> log.getMessage() == null || !log.getMessage().startsWith("Unsupported JavaFX configuration"));
    }

    private static String noDisplay(String reason) {
        return "headscope: no display to open a window on (" + reason + "); \"headscope demo\" does the same work in"
                + " the terminal, \"headscope --help\" lists every command";
    }
}
