package org.headscope.hooks.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.headscope.hooks.checkpoint.CheckpointException.Kind;
import org.headscope.hooks.runtime.Engines;
import org.headscope.hooks.runtime.NativeMemory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/** Damaged files are read or refused; nothing else may happen. {@code -Dtests.seed=N} repeats a run. */
@Tag("engine")
class MutationTest {
    private static final int MUTATIONS = 12_000;
    private static final long MIB = 1 << 20;

    private final long seed = Long.getLong("tests.seed", 20_260_117);
    private final Map<Kind, Integer> refused = new EnumMap<>(Kind.class);
    private int read;

    @TempDir
    private Path folder;

    @BeforeEach
    void printSeed(TestReporter reporter) {
        reporter.publishEntry("tests.seed", String.valueOf(seed));
    }

    @Test
    void twelveThousandDamagedFilesAreReadOrRefused() throws IOException {
        Mutator mutator = new Mutator(new SplittableRandom(seed), sound());
        try (NDManager manager = Engines.newManager()) {
            long before = NativeMemory.residentBytes().orElse(0);
            for (int i = 0; i < MUTATIONS; i++) {
                RawFile.write(folder, mutator.next());
                readAll(manager, i);
            }
            assertThat(NativeMemory.residentBytes().orElse(0) - before).isLessThan(1024 * MIB);
        }
        assertThat(read).as("files that could still be read").isBetween(MUTATIONS / 100, MUTATIONS / 2);
        assertThat(refused.keySet())
                .contains(
                        Kind.TRUNCATED,
                        Kind.BAD_HEADER,
                        Kind.OVERSIZED_HEADER,
                        Kind.OVERLAP,
                        Kind.GAP,
                        Kind.WRONG_DTYPE,
                        Kind.WRONG_SHAPE);
    }

    @Test
    void damagedIndexesAndConfigurationsAreReadOrRefused() throws IOException {
        Files.write(folder.resolve("shard.safetensors"), sound());
        byte[] index = "{\"metadata\":{\"total_size\":9},\"weight_map\":{\"floats\":\"shard.safetensors\"}}"
                .getBytes(StandardCharsets.UTF_8);
        SplittableRandom random = new SplittableRandom(seed);
        try (NDManager manager = Engines.newManager()) {
            for (int i = 0; i < 1_000; i++) {
                RawFile.replace(folder.resolve("model.safetensors.index.json"), damaged(index, random));
                RawFile.replace(folder.resolve("config.json"), damaged(index, random));
                readAll(manager, i);
            }
        }
        assertThat(refused.keySet()).contains(Kind.BAD_INDEX, Kind.MISSING_FILE, Kind.BAD_CONFIG);
    }

    private void readAll(NDManager manager, int round) {
        try (NDManager scope = manager.newSubManager();
                Checkpoint checkpoint = Checkpoint.open(folder)) {
            for (String name : checkpoint.names()) {
                checkpoint.load(scope, name);
                checkpoint.loadRaw(scope, name);
                checkpoint.firstNonFinite(name);
            }
            checkpoint.hash();
            if (Files.exists(folder.resolve("config.json"))) {
                checkpoint.config();
            }
            read++;
        } catch (CheckpointException e) {
            refused.merge(e.kind(), 1, Integer::sum);
        } catch (Throwable e) {
            fail("Mutation " + round + " of -Dtests.seed=" + seed + " was neither read nor refused", e);
        }
    }

    private static byte[] damaged(byte[] sound, SplittableRandom random) {
        byte[] bytes = sound.clone();
        for (int i = random.nextInt(3); i > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return random.nextInt(4) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
    }

    /** Every number type that is loaded in its own way, one tensor without elements and one single number. */
    private static byte[] sound() {
        return RawFile.bytes(
                "{'__metadata__':{'format':'pt'},'floats':{'dtype':'F32','shape':[2,3],'data_offsets':[0,24]},"
                        + "'doubles':{'dtype':'F64','shape':[2],'data_offsets':[24,40]},"
                        + "'halves':{'dtype':'F16','shape':[4],'data_offsets':[40,48]},"
                        + "'brains':{'dtype':'BF16','shape':[2,2],'data_offsets':[48,56]},"
                        + "'ids':{'dtype':'I64','shape':[1,3],'data_offsets':[56,80]},"
                        + "'none':{'dtype':'F32','shape':[0,4],'data_offsets':[80,80]},"
                        + "'one':{'dtype':'U32','shape':[],'data_offsets':[80,84]},"
                        + "'unsigned':{'dtype':'U16','shape':[2],'data_offsets':[84,88]},"
                        + "'mask':{'dtype':'BOOL','shape':[8],'data_offsets':[88,96]}}",
                96);
    }
}
