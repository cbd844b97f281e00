package org.headscope.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Runs bin/headscope against pretended Java installations whose {@code java} prints its arguments. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "bin/headscope is a POSIX shell script")
class StartScriptTest {
    private static final String ECHO_ARGUMENTS = "#!/bin/sh\nprintf '%s\\n' \"$@\"\n";

    @TempDir
    Path folder;

    private Path dist;
    private Path script;

    @BeforeEach
    void layOutADistributionWithABlankInItsName() throws IOException {
        dist = folder.toRealPath().resolve("head scope");
        script = executable(
                dist.resolve("bin/headscope"), Files.readString(Path.of(System.getProperty("headscope.start.script"))));
        Files.createFile(Files.createDirectories(dist.resolve("lib")).resolve("headscope.jar"));
    }

    @Test
    void argumentsReachTheProgramUnchanged() throws Exception {
        Run run = run(script, java("17.0.15"), "run", "a prompt with blanks", "*", "");
        assertThat(run.lines()).endsWith("org.headscope.app.Launcher", "run", "a prompt with blanks", "*", "");
    }

    @Test
    void aChainOfLinksLeadsToTheDistribution() throws Exception {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Path first = Files.createSymbolicLink(bin.resolve("first"), script);
        Path second = Files.createSymbolicLink(bin.resolve("hs"), first.getFileName());
        assertThat(run(second, java("17.0.15"), "--version").lines())
                .contains("-Dheadscope.home.dist=" + dist, "-Dheadscope.assets=" + dist.resolve("assets"));
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "macOS also offers the Java that it knows of")
    void anOldJavaIsRefusedByName() throws Exception {
        Path old = java("1.8.0_402");
        Run run = run(script, old, "--version");
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.output()).contains("Java 17 or newer is needed", old + "/bin/java is Java 8");
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "macOS also offers the Java that it knows of")
    void aJavaWithoutAReleaseFileIsAskedItself() throws Exception {
        Path home = folder.resolve("plain");
        executable(home.resolve("bin/java"), "#!/bin/sh\necho 'openjdk version \"11.0.2\" 2019-01-15' >&2\n");
        assertThat(run(script, home, "--version").output()).contains("is Java 11");
    }

    @Test
    void extraOptionsComeAfterTheDefaultsAndThereforeWin() throws Exception {
        ProcessBuilder start = process(script, java("21.0.2"), "--version");
        start.environment().put("HEADSCOPE_OPTS", "-Xmx6g -Dx=y");
        assertThat(run(start).lines()).containsSubsequence("-Xmx2g", "-Xmx6g", "-Dx=y", "-cp");
    }

    @Test
    void anIncompleteDistributionSaysWhatIsMissing() throws Exception {
        Files.delete(script.resolveSibling("../lib/headscope.jar"));
        Run run = run(script, java("17.0.15"), "--version");
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.output()).contains("lib/headscope.jar is missing");
    }

    private Path java(String version) throws IOException {
        Path home = folder.resolve("java-" + version);
        executable(home.resolve("bin/java"), ECHO_ARGUMENTS);
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        return home;
    }

    private static Path executable(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static Run run(Path command, Path javaHome, String... args) throws Exception {
        return run(process(command, javaHome, args));
    }

    private static ProcessBuilder process(Path command, Path javaHome, String... args) {
        List<String> line = new ArrayList<>(List.of(command.toString()));
        line.addAll(List.of(args));
        ProcessBuilder process = new ProcessBuilder(line).redirectErrorStream(true);
        process.environment().keySet().removeAll(List.of("JAVA_HOME", "HEADSCOPE_OPTS"));
        process.environment().put("JAVA_HOME", javaHome.toString());
        // The same Java comes first on the PATH, so that the one of this machine cannot step in.
        process.environment().merge("PATH", javaHome + "/bin:", (path, first) -> first + path);
        return process;
    }

    private static Run run(ProcessBuilder start) throws Exception {
        Process process = start.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), output);
    }

    private record Run(int exit, String output) {
        List<String> lines() {
            return output.lines().toList();
        }
    }
}
