package org.headscope.app.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskSetting;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.hooks.tokens.BosPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("engine")
class EditsTest {
    private static final long SECOND = 1_000_000_000L;

    private final TestBench table = new TestBench(Runnable::run);
    private long time;
    private Edits edits;

    @BeforeEach
    void start() {
        edits = new Edits(table.bench, () -> time);
        table.showInductionModel();
    }

    @AfterEach
    void close() {
        table.close();
    }

    @Test
    void aNewModelHasNothingToUndo() {
        assertThat(edits.undoableProperty().get()).isFalse();
        assertThat(edits.redoableProperty().get()).isFalse();
    }

    @Test
    void maskGoesBackAndForth() {
        HeadMask none = mask();
        mask(none.with(MaskUnit.head(0, 1), MaskSetting.ZERO));
        HeadMask one = mask();
        mask(one.with(MaskUnit.head(1, 2), MaskSetting.ZERO));
        HeadMask two = mask();

        edits.undo();
        assertThat(mask()).isEqualTo(one);
        edits.undo();
        assertThat(mask()).isEqualTo(none);
        assertThat(edits.undoableProperty().get()).isFalse();
        edits.redo();
        edits.redo();
        assertThat(mask()).isEqualTo(two);
        assertThat(edits.redoableProperty().get()).isFalse();
    }

    @Test
    void somethingNewAfterAnUndoForgetsWhatWasUndone() {
        mask(mask().with(MaskUnit.head(0, 1), MaskSetting.ZERO));
        edits.undo();
        mask(mask().with(MaskUnit.head(1, 1), MaskSetting.ZERO));

        assertThat(edits.redoableProperty().get()).isFalse();
        edits.undo();
        assertThat(mask().isEmpty()).isTrue();
    }

    @Test
    void draggingAGateIsOneStep() {
        mask(mask().with(MaskUnit.head(0, 1), MaskSetting.gate(0.9)));
        for (int i = 8; i > 0; i--) {
            time += SECOND / 10;
            mask(mask().with(MaskUnit.head(0, 1), MaskSetting.gate(i / 10.0)));
        }

        edits.undo();
        assertThat(mask().setting(MaskUnit.head(0, 1))).contains(MaskSetting.gate(0.9));
        edits.undo();
        assertThat(mask().isEmpty()).isTrue();
    }

    @Test
    void typingIsOneStepUntilThereIsAPause() {
        type("a");
        type("a b");
        time += 2 * SECOND;
        type("a b c");

        edits.undo();
        assertThat(table.bench.promptProperty().get()).isEqualTo("a b");
        edits.undo();
        assertThat(table.bench.promptProperty().get()).isEmpty();
    }

    @Test
    void policyAndSeedAreStepsToo() {
        table.bench.bosProperty().set(BosPolicy.NEVER);
        table.bench.seedProperty().set(7);

        edits.undo();
        assertThat(table.bench.seedProperty().get()).isZero();
        assertThat(table.bench.bosProperty().get()).isEqualTo(BosPolicy.NEVER);
        edits.undo();
        assertThat(table.bench.bosProperty().get()).isEqualTo(BosPolicy.AUTO);
    }

    @Test
    void anotherModelBeginsAnew() {
        mask(mask().with(MaskUnit.head(0, 1), MaskSetting.ZERO));
        table.showInductionModel();

        assertThat(edits.undoableProperty().get()).isFalse();
    }

    private HeadMask mask() {
        HeadMask mask = table.bench.maskProperty().get();
        assertThat(mask).isNotNull();
        return mask;
    }

    private void mask(HeadMask mask) {
        table.bench.maskProperty().set(mask);
    }

    private void type(String text) {
        time += SECOND / 10;
        table.bench.promptProperty().set(text);
    }
}
