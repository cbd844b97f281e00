package org.headscope.app.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;

/**
 * A subcommand of {@code headscope}. Adding one is adding one class: annotate it with {@code @AutoService(CliCommand.class)}
 * and picocli's {@code @Command(name = ..., description = ...)}, give it a {@code @Mixin CliOutput} and return the exit
 * code (0 done, 1 failed, 2 wrong use) from {@code call()}. Help and version options are added to it here.
 */
public interface CliCommand extends Callable<Integer> {
    /**
     * Lets a command add subcommands that are only known at run time.
     *
     * @param line the command as picocli sees it
     */
    default void prepare(CommandLine line) {}
}
