package org.headscope.hooks.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("engine")
class NativeMemoryTest {
    private static final long MIB = 1 << 20;
    private static final int PAGE = 4096;

    @Test
    void passesAfterTheFirstFewReuseTheirFreedBlocks() throws IOException {
        assumeKept();
        try (NDManager manager = Engines.newManager()) {
            for (int pass = 0; pass < 8; pass++) {
                allocatePass(manager);
            }
            long before = minorFaults();
            long pages = 0;
            for (int pass = 0; pass < 4; pass++) {
                pages += allocatePass(manager) / PAGE;
            }

            assertThat(minorFaults() - before).isLessThan(pages / 4);
        }
    }

    @Test
    void trimGivesFreedTensorsBackToTheSystem() {
        assumeKept();
        try (NDManager manager = Engines.newManager()) {
            List<NDArray> tensors = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                tensors.add(manager.ones(new Shape(MIB)));
            }
            long full = NativeMemory.residentBytes().orElseThrow();
            tensors.forEach(NDArray::close);

            NativeMemory.trim();

            assertThat(NativeMemory.residentBytes().orElseThrow()).isLessThan(full - 150 * MIB);
        }
    }

    @Test
    void peakIsAtLeastWhatIsResident() {
        assumeKept();

        assertThat(NativeMemory.peakResidentBytes().orElseThrow())
                .isGreaterThanOrEqualTo(NativeMemory.residentBytes().orElseThrow() - MIB);
    }

    @Test
    void thePropertyLeavesTheAllocatorAlone(@TempDir Path scratch) throws IOException, InterruptedException {
        String output = ChildJvm.run(Report.class, jar -> true, scratch, "-Dheadscope.malloc=default");

        assertThat(output).contains("active=false").contains("headscope.malloc=default");
    }

    private static void assumeKept() {
        NativeMemory.State state = NativeMemory.apply();
        assumeTrue(state.active(), state.reason());
    }

    /** Three live tensors of sizes that glibc would map anew each time; returns the bytes touched. */
    private static long allocatePass(NDManager manager) {
        try (NDManager scope = manager.newSubManager()) {
            long bytes = 0;
            for (int mib : new int[] {34, 41, 55}) {
                bytes += 4 * scope.ones(new Shape(mib * MIB / 4)).size();
            }
            return bytes;
        }
    }

    private static long minorFaults() throws IOException {
        String stat = Files.readString(Path.of("/proc/self/stat"));
        return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[7]);
    }

    /** Entry point of the child process. */
    static final class Report {
        private Report() {}

        @SuppressWarnings("SystemOut") // the child process answers on its standard output
        public static void main(String[] args) {
            System.out.println(NativeMemory.apply());
        }
    }
}
