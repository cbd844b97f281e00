package org.headscope.app.control.grid;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HeadGridModelTest {
    private final HeadGridModel model = new HeadGridModel();

    @BeforeEach
    void fill() {
        model.valuesProperty().set(GridValues.of(new float[][] {{1, 2, 3}, {4, 5, 6}}));
    }

    @Test
    void firstArrowEntersAtTheFirstHead() {
        model.moveCursor(0, 1);

        assertThat(model.cursorProperty().get()).isEqualTo(new GridCell(0, 0));
    }

    @Test
    void cursorStaysInside() {
        model.moveTo(new GridCell(1, 2), false);
        model.moveCursor(5, 5);

        assertThat(model.cursorProperty().get()).isEqualTo(new GridCell(1, 2));
    }

    @Test
    void togglingTwiceRestoresTheMarks() {
        model.moveTo(new GridCell(0, 1), false);
        model.toggleSelection();
        model.toggleSelection();

        assertThat(model.marks()).isEqualTo(HeadMarks.NONE);
    }

    @Test
    void partlyMaskedSelectionIsMaskedWhole() {
        model.marksProperty().set(HeadMarks.off(List.of(new GridCell(0, 0))));
        model.moveTo(new GridCell(0, 0), false);
        model.extendSelection(0, 1);
        model.toggleSelection();

        assertThat(model.marks().cells()).isEqualTo(Set.of(new GridCell(0, 0), new GridCell(0, 1)));
    }

    @Test
    void selectionIsTheRectangleBetweenItsCornersInAnyDirection() {
        model.moveTo(new GridCell(1, 2), false);
        model.extendSelection(-1, -1);

        assertThat(model.selection())
                .containsExactly(new GridCell(0, 1), new GridCell(0, 2), new GridCell(1, 1), new GridCell(1, 2));
    }

    @Test
    void plainMoveEndsTheSelection() {
        model.moveTo(new GridCell(0, 0), false);
        model.extendSelection(1, 1);
        model.moveCursor(0, 1);

        assertThat(model.selection()).containsExactly(new GridCell(1, 2));
    }

    @Test
    void layerToggleIsOneEvent() {
        List<HeadMarks> events = new ArrayList<>();
        model.marksProperty().subscribe((before, now) -> events.add(now));

        model.toggleLayer(1);

        assertThat(events)
                .containsExactly(HeadMarks.off(List.of(new GridCell(1, 0), new GridCell(1, 1), new GridCell(1, 2))));
    }

    @Test
    void headToggleReachesEveryLayer() {
        model.toggleHeadInAllLayers(2);

        assertThat(model.marks().cells()).isEqualTo(Set.of(new GridCell(0, 2), new GridCell(1, 2)));
    }

    @Test
    void newMarksTakeTheChosenGate() {
        model.newGateProperty().set(0.25);
        model.toggle(List.of(new GridCell(0, 0)));

        assertThat(model.marks().gate(new GridCell(0, 0))).isEqualTo(0.25);
    }

    @Test
    void gridThatOnlyShowsIsNotMarked() {
        model.togglableProperty().set(false);
        model.toggleLayer(0);

        assertThat(model.marks()).isEqualTo(HeadMarks.NONE);
    }

    @Test
    void smallerGridDropsACursorOutsideIt() {
        model.moveTo(new GridCell(1, 2), false);
        model.valuesProperty().set(GridValues.missing(1, 1));

        assertThat(model.cursorProperty().get()).isNull();
        assertThat(model.selection()).isEmpty();
    }

    @Test
    void gateIsDescribedInPercent() {
        model.marksProperty().set(HeadMarks.NONE.with(List.of(new GridCell(1, 1)), 0.4));

        assertThat(model.describe(new GridCell(1, 1))).isEqualTo("layer 1, head 1: 5, turned down to 40 %");
    }
}
