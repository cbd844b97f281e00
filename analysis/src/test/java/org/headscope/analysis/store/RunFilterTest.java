package org.headscope.analysis.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFilterTest {
    @TempDir
    Path folder;

    private WorkspaceStore store;

    @BeforeEach
    void open() {
        store = WorkspaceStore.open(folder.resolve("workspace.db"));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void everyWordMustBeFoundSomewhere() {
        long patch = run("activation-patch", "clean", "When Mary and John", "one");
        long sinks = run("attention-sinks", "text", "100% of_it", "two");
        store.notes().write(sinks, "Look at head 3.1");

        assertThat(found("mary PATCH", "")).containsExactly(patch);
        assertThat(found("mary sinks", "")).isEmpty();
        assertThat(found("100%", "")).containsExactly(sinks);
        assertThat(found("%", "")).containsExactly(sinks);
        assertThat(found("of_it", "")).containsExactly(sinks);
        assertThat(found("1_0", "")).isEmpty();
        assertThat(found("3.1 head", "")).containsExactly(sinks);
        assertThat(found("  ", "")).containsExactly(sinks, patch);
        assertThat(found("", "one")).containsExactly(patch);
        assertThat(store.runs().models()).extracting(RunSpec.ModelKey::hash).containsExactly("two", "one");
    }

    @Test
    void deletedRunsAndNotesAreNotFound() {
        long patch = run("activation-patch", "clean", "Mary", "one");
        store.notes().write(patch, "gone soon");
        store.notes().write(patch, " ");
        assertThat(found("soon", "")).isEmpty();
        store.runs().delete(patch);
        assertThat(found("mary", "")).isEmpty();
        store.runs().restore(patch);
        assertThat(found("mary", "")).containsExactly(patch);
    }

    @Test
    void noteIsReplacedNotAdded() {
        long patch = run("activation-patch", "clean", "Mary", "one");
        store.notes().write(patch, "first");
        store.notes().write(patch, "second");
        assertThat(store.notes().all()).hasSize(1);
        assertThat(store.notes().ofRuns()).isEqualTo(Map.of(patch, "second"));
    }

    @Test
    void masksOfOneNameForTwoModelsLiveSideBySide() {
        long one = store.masks().save("ioi", mask("one"));
        long two = store.masks().save("ioi", mask("two"));
        assertThat(store.masks().of("one")).extracting(MaskTable.StoredMask::id).containsExactly(one);
        assertThat(store.masks().of("two")).extracting(MaskTable.StoredMask::id).containsExactly(two);
        long other = store.masks().save("other", mask("one"));
        store.masks().rename(one, "name movers");
        assertThat(store.masks().of("one"))
                .extracting(MaskTable.StoredMask::name)
                .containsExactly("name movers", "other");
        assertThatThrownBy(() -> store.masks().rename(other, "name movers"))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("name movers");
    }

    private List<Long> found(String words, String hash) {
        return store.runs().find(RunFilter.of(words, hash), 100).stream()
                .map(StoredRun::id)
                .toList();
    }

    private long run(String analysis, String parameter, String value, String hash) {
        ObjectNode none = JsonNodeFactory.instance.objectNode();
        return store.runs()
                .queue(new RunSpec(
                        analysis,
                        analysis,
                        JsonNodeFactory.instance.objectNode().put(parameter, value),
                        none,
                        new RunSpec.ModelKey("/models/" + hash, hash),
                        "1",
                        0));
    }

    private static ObjectNode mask(String hash) {
        ObjectNode mask = JsonNodeFactory.instance.objectNode();
        mask.putObject("model").put("hash", hash);
        return mask;
    }
}
