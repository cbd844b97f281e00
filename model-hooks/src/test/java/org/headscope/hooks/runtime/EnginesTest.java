package org.headscope.hooks.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Path;
import org.headscope.hooks.HeadscopeException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("engine")
class EnginesTest {
    @Test
    void newManagerHoldsTensorsThatCompute() {
        try (NDManager manager = Engines.newManager()) {
            NDArray sum = manager.create(new float[] {1, 2}).add(manager.create(new float[] {10, 20}));

            assertThat(sum.toFloatArray()).containsExactly(11, 22);
        }
    }

    @Test
    void engineIsStartedOnce() {
        assertThat(Engines.get()).isSameAs(Engines.get());
    }

    @Test
    void startingTheEngineForbidsDownloads() {
        Engines.get();

        assertThat(System.getProperty("ai.djl.offline")).isEqualTo("true");
    }

    @Test
    void missingNativeLibrariesAreNamedWithWhatToDo(@TempDir Path scratch) throws IOException, InterruptedException {
        String output = ChildJvm.run(StartEngine.class, jar -> !jar.contains("pytorch-native-cpu"), scratch);

        assertThat(output)
                .contains("HeadscopeException")
                .contains("pytorch-native-cpu")
                .contains("PYTORCH_LIBRARY_PATH")
                .doesNotContain("STARTED");
    }

    /** Entry point of the child process. */
    static final class StartEngine {
        private StartEngine() {}

        @SuppressWarnings("SystemOut") // the child process answers on its standard output
        public static void main(String[] args) {
            try {
                System.out.println("STARTED " + Engines.get());
            } catch (HeadscopeException e) {
                System.out.println(e);
            }
        }
    }
}
