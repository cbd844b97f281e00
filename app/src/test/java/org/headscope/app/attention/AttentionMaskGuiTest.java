package org.headscope.app.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskSetting;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.result.AttentionMap;
import org.headscope.analysis.result.Result;
import org.headscope.app.testing.GuiTest;
import org.headscope.app.testing.SaveMenu;
import org.headscope.app.workbench.TestBench;
import org.headscope.hooks.intervene.Ablation.Mode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;

/** Patterns under a mask, and as they are saved. */
@GuiTest
@Tag("engine")
class AttentionMaskGuiTest {
    @RegisterExtension
    final AttentionDesk desk = new AttentionDesk();

    @Test
    void patternUnderTheMaskIsThatOfTheMaskedModel(FxRobot robot) {
        desk.open(MaskUnit.head(1, 2), "1.2");
        robot.interact(() -> desk.bench()
                .maskProperty()
                .set(HeadMask.none(desk.bench().modelProperty().get().maskShape())
                        .with(MaskUnit.head(0, 1), MaskSetting.ZERO)));
        assertThat(desk.model().conditionsProperty().get()).startsWith("Without the mask");
        robot.clickOn("#under-mask");
        TestBench.waitFor(() -> desk.model().map().values().get(5, 2) < 0.9);

        // Without the previous-token head no key fits, so the induction head looks everywhere alike.
        assertThat((double) desk.model().map().values().get(5, 2)).isCloseTo(1 / 6.0, within(1e-6));
        assertThat(desk.model().conditionsProperty().get()).isEqualTo("Under the mask: 1 masked parts, mode zero.");
    }

    @Test
    void resampledPatternFollowsThePromptItTakesActivationsFrom(FxRobot robot, @TempDir Path folder) {
        desk.open(MaskUnit.head(1, 2), "1.2");
        robot.interact(() -> {
            desk.bench().resampleProperty().set("ids:0,5,6,7,8,1");
            desk.bench()
                    .maskProperty()
                    .set(HeadMask.none(desk.bench().modelProperty().get().maskShape())
                            .with(MaskUnit.head(0, 1), MaskSetting.of(Mode.RESAMPLE)));
        });
        robot.clickOn("#under-mask");
        TestBench.waitFor(() -> desk.model().map().values().get(5, 2) < 0.9);
        float elsewhere = desk.model().map().values().get(5, 2);
        SaveMenu save = new SaveMenu(robot, desk.table(), folder);
        Result saved = save.result("pattern-menu");
        assertThat(((AttentionMap) saved.panels().get(0)).grid().at(5, 2)).isCloseTo(elsewhere, within(1e-6));
        assertThat(saved.provenance().numerics().maskMode()).endsWith("resampled from ids:0,5,6,7,8,1");

        robot.interact(() -> desk.bench()
                .resampleProperty()
                .set(desk.bench().promptProperty().get()));
        TestBench.waitFor(() -> desk.model().map().values().get(5, 2) > 0.9);
        assertThat((double) desk.model().map().values().get(5, 2)).isCloseTo(1, within(1e-6));
    }

    @Test
    void patternIsSavedAsItIsSeen(FxRobot robot, @TempDir Path folder) {
        desk.open(MaskUnit.head(1, 2), "1.2");
        SaveMenu save = new SaveMenu(robot, desk.table(), folder);
        robot.clickOn("#hide-first");
        TestBench.waitFor(() -> desk.model().map().leftOutProperty().get() == 1);
        AttentionMap pattern = save.panel("pattern-menu", AttentionMap.class);
        assertThat(pattern.grid().shape()).containsExactly(6, 6);
        assertThat(pattern.grid().at(3, 0)).as("left out").isNaN();
        for (int query = 0; query < 6; query++) {
            for (int key = 1; key < 6; key++) {
                assertThat(pattern.grid().at(query, key))
                        .isCloseTo(desk.model().map().values().get(query, key), within(1e-6));
            }
        }
        robot.clickOn("#hide-first");
        robot.clickOn("All heads");
        TestBench.waitFor(() -> desk.model().progressProperty().get() == 1
                && desk.model().gallery().layer(1) != null);
        Result all = save.result("gallery-menu");
        assertThat(((AttentionMap) all.panels().get(0)).grid().at(1, 2, 5, 2)).isCloseTo(1, within(1e-6));
    }
}
