package org.headscope.app.explore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskSetting;
import org.headscope.analysis.mask.MaskShape;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.app.control.grid.GridCell;
import org.headscope.app.control.grid.GridValues;
import org.headscope.app.control.grid.HeadGridModel;
import org.headscope.hooks.intervene.Ablation.Mode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MaskEditorTest {
    private static final GridCell CELL = new GridCell(1, 2);
    private static final MaskUnit HEAD = MaskUnit.head(1, 2);

    private final ObjectProperty<HeadMask> mask = new SimpleObjectProperty<>(HeadMask.none(new MaskShape(2, 4)));
    private final HeadGridModel grid = new HeadGridModel();
    private final MaskEditor editor = new MaskEditor(mask, grid);

    @BeforeEach
    void showHeads() {
        grid.valuesProperty().set(GridValues.missing(2, 4));
    }

    @Test
    void markedHeadIsMaskedInTheChosenMode() {
        editor.modeProperty().set(Mode.UNIFORM);
        grid.toggle(List.of(CELL));

        assertThat(mask.get().entries()).isEqualTo(Map.of(HEAD, MaskSetting.of(Mode.UNIFORM)));
    }

    @Test
    void markedLayerMasksAllItsHeads() {
        grid.toggleLayer(0);

        assertThat(mask.get().units(MaskUnit.Kind.HEAD))
                .containsExactly(MaskUnit.head(0, 0), MaskUnit.head(0, 1), MaskUnit.head(0, 2), MaskUnit.head(0, 3));
    }

    @Test
    void modeOfASelectedHeadFollowsTheChoiceAndOthersStay() {
        grid.toggle(List.of(new GridCell(0, 0), CELL));
        grid.moveTo(CELL, false);
        editor.modeProperty().set(Mode.MEAN);

        assertThat(mask.get().entries())
                .isEqualTo(Map.of(MaskUnit.head(0, 0), MaskSetting.ZERO, HEAD, MaskSetting.of(Mode.MEAN)));
    }

    @Test
    void gateMovesEveryGatedHeadWhenNoneIsSelected() {
        editor.modeProperty().set(Mode.GATE);
        grid.toggle(List.of(new GridCell(0, 0), CELL));
        editor.gateProperty().set(0.125);

        assertThat(mask.get().entries())
                .isEqualTo(Map.of(MaskUnit.head(0, 0), MaskSetting.gate(0.125), HEAD, MaskSetting.gate(0.125)));
        assertThat(grid.marks().gate(CELL)).isEqualTo(0.125);
    }

    @Test
    void importedMaskIsMarkedInTheGridWithItsGates() {
        mask.set(mask.get().with(HEAD, MaskSetting.gate(0.25)));

        assertThat(grid.marks().cells()).containsExactly(CELL);
        assertThat(grid.marks().gate(CELL)).isEqualTo(0.25);
    }

    @Test
    void unmarkingAHeadLeavesMaskedMlpsAlone() {
        mask.set(mask.get().with(MaskUnit.mlp(0), MaskSetting.ZERO).with(HEAD, MaskSetting.ZERO));
        grid.toggle(List.of(CELL));

        assertThat(mask.get().entries()).isEqualTo(Map.of(MaskUnit.mlp(0), MaskSetting.ZERO));
    }
}
