package org.headscope.hooks.runtime;

import com.sun.jna.Function;
import com.sun.jna.NativeLong;
import com.sun.jna.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the C library treats large freed blocks.
 *
 * <p>glibc maps every large block anew and unmaps it when freed, so each forward pass pays page faults for the same
 * tensors again. Here freed blocks are kept for the next pass, up to a bound, and {@link #trim()} gives them back after
 * a big job. Blocks beyond 64 MiB do not fit a thread's heap and are still mapped each time. On other C libraries nothing is changed and {@link State#reason()} says so. The system property
 * {@code headscope.malloc=default} leaves glibc alone, for measuring.
 */
public final class NativeMemory {
    /** System property: {@code keep} (the default) or {@code default}. */
    public static final String PROPERTY = "headscope.malloc";

    private static final Logger LOG = LoggerFactory.getLogger(NativeMemory.class);
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path CLEAR_REFS = Path.of("/proc/self/clear_refs");
    private static final int M_TRIM_THRESHOLD = -1;
    private static final int M_TOP_PAD = -2;
    private static final int M_MMAP_THRESHOLD = -3;
    private static final int MIB = 1 << 20;
    /** Blocks up to this size are kept. */
    private static final int KEPT_BLOCK = 1024 * MIB;
    /** glibc before 2.35 accepts no more than this. */
    private static final int KEPT_BLOCK_OLD_GLIBC = 32 * MIB;
    /** Free memory at the end of the heap beyond this goes back to the system at once. */
    private static final int KEPT_TOTAL = 512 * MIB;
    /** Each thread allocates from heaps of this size; without a pad as large, an emptied heap is unmapped at once. */
    private static final int HEAP = 64 * MIB;

    private static @Nullable State state;

    private NativeMemory() {}

    /**
     * What was done.
     *
     * @param active whether large freed blocks are kept
     * @param reason why, or why not, for people to read
     */
    public record State(boolean active, String reason) {}

    /**
     * Applies the policy on the first call; later calls only report.
     *
     * @return what was done
     */
    public static synchronized State apply() {
        State known = state;
        if (known == null) {
            known = decide();
            state = known;
            LOG.debug("Native memory: {}", known.reason());
        }
        return known;
    }

    /**
     * Gives freed native memory back to the system; worth calling after a big job or after closing a model.
     *
     * @return whether anything was given back; false where the policy is not active
     */
    public static boolean trim() {
        if (!apply().active()) {
            return false;
        }
        return call("malloc_trim", new NativeLong(0)) == 1;
    }

    /**
     * Resident memory of this process.
     *
     * @return bytes; empty where the system does not tell
     */
    public static OptionalLong residentBytes() {
        return statusBytes("VmRSS:");
    }

    /**
     * The largest resident memory of this process since its start, or since {@link #resetPeak()}.
     *
     * @return bytes; empty where the system does not tell
     */
    public static OptionalLong peakResidentBytes() {
        return statusBytes("VmHWM:");
    }

    /**
     * Starts a new measurement of the peak.
     *
     * @return whether the system allows that
     */
    public static boolean resetPeak() {
        try {
            Files.writeString(CLEAR_REFS, "5");
            return true;
        } catch (IOException e) {
            LOG.debug("The peak of resident memory cannot be reset", e);
            return false;
        }
    }

    private static State decide() {
        String wanted = System.getProperty(PROPERTY, "keep").toLowerCase(Locale.ROOT);
        if (wanted.equals("default")) {
            return new State(false, "left to the C library by " + PROPERTY + "=default");
        }
        if (!Platform.isLinux()) {
            return new State(false, "left to the C library: only glibc on Linux can be told to keep freed blocks");
        }
        try {
            return keepFreedBlocks();
        } catch (LinkageError e) {
            return new State(false, "left to the C library: it is not glibc (" + e.getMessage() + ")");
        }
    }

    private static State keepFreedBlocks() {
        String version = Function.getFunction("c", "gnu_get_libc_version").invokeString(new Object[0], false);
        int block = KEPT_BLOCK;
        if (mallopt(M_MMAP_THRESHOLD, block) != 1) {
            block = KEPT_BLOCK_OLD_GLIBC;
            if (mallopt(M_MMAP_THRESHOLD, block) != 1) {
                return new State(false, "glibc " + version + " refused to keep freed blocks");
            }
        }
        mallopt(M_TRIM_THRESHOLD, KEPT_TOTAL);
        mallopt(M_TOP_PAD, HEAP);
        return new State(
                true,
                "glibc " + version + " keeps freed blocks up to " + block / MIB + " MiB, at most " + KEPT_TOTAL / MIB
                        + " MiB free at the end of a heap");
    }

    private static int mallopt(int parameter, int value) {
        return call("mallopt", parameter, value);
    }

    private static int call(String function, Object... arguments) {
        return Function.getFunction("c", function).invokeInt(arguments);
    }

    private static OptionalLong statusBytes(String key) {
        if (!Files.isReadable(STATUS)) {
            return OptionalLong.empty();
        }
        try {
            return Files.readAllLines(STATUS).stream()
                    .filter(line -> line.startsWith(key))
                    .mapToLong(line -> 1024L * Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst();
        } catch (IOException e) {
            LOG.debug("{} cannot be read", STATUS, e);
            return OptionalLong.empty();
        }
    }
}
