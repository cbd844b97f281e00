package org.headscope.analysis.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import java.util.List;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskException;
import org.headscope.analysis.mask.MaskSetting;
import org.headscope.analysis.mask.MaskShape;
import org.headscope.analysis.mask.MaskSources;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.mask.io.HashCheck;
import org.headscope.analysis.mask.io.ImportedMask;
import org.headscope.analysis.mask.io.MaskFormatException;
import org.headscope.analysis.mask.io.MaskJson;
import org.headscope.analysis.session.Session.ActiveMask;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.handbuilt.RandomFamily;
import org.headscope.hooks.intervene.Ablation.Mode;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Interventions;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("engine")
class MaskReferencesTest {
    private static final int[] REFERENCE = {3, 1, 4, 1, 5};
    private static final int[] PROMPT = {2, 7, 1};
    private static final HookSite Z = HookSite.of(SiteKind.Z, 1);
    private static final HookSite MLP = HookSite.of(SiteKind.MLP_OUT, 0);
    private static final MaskSources OVER = new MaskSources("ids:3,1,4,1,5", "");
    private final HookedTransformer model = RandomFamily.GPT2.create(2);
    private final Session session = Session.of(model);
    private final HeadMask none = HeadMask.none(MaskShape.of(model.config().dims()));
    private final HeadMask means =
            none.with(MaskUnit.head(1, 1), MaskSetting.of(Mode.MEAN)).with(MaskUnit.mlp(0), MaskSetting.of(Mode.MEAN));

    @AfterEach
    void close() {
        model.close();
    }

    private float[] at(HookSite site, int[] ids, List<Intervention> standing) {
        try (RunResult run = model.run(RunRequest.of(TokenBatch.of(ids))
                .capture(List.of(site))
                .edits(new Interventions(model.config()).compile(standing))
                .build())) {
            NDArray array = run.cache().get(site);
            return array.toFloatArray();
        }
    }

    /** The plain loop: every position of the masked parts has the mean over the positions of the other prompt. */
    @Test
    void everyPositionGetsTheMeanOverTheOtherPrompt() {
        ActiveMask mask = ActiveMask.of(session, means, OVER);
        int width = model.config().dims().dModel();
        float[] reference = at(MLP, REFERENCE, List.of());
        float[] masked = at(MLP, PROMPT, mask.interventions());
        for (int i = 0; i < masked.length; i++) {
            double sum = 0;
            for (int position = 0; position < REFERENCE.length; position++) {
                sum += reference[position * width + i % width];
            }
            assertThat((double) masked[i]).isCloseTo(sum / REFERENCE.length, within(1e-6));
        }
    }

    @Test
    void headsOutsideTheMaskAreAsTheyAreAndTheReferenceIsOfTheModelAsItIs() {
        HeadMask head = none.with(MaskUnit.head(1, 1), MaskSetting.of(Mode.MEAN));
        int dHead = model.config().dims().dHead();
        int heads = model.config().dims().heads();
        float[] plain = at(Z, PROMPT, List.of());
        float[] reference = at(Z, REFERENCE, List.of());
        float[] masked = at(Z, PROMPT, ActiveMask.of(session, head, OVER).interventions());
        float[] both = at(Z, PROMPT, ActiveMask.of(session, means, OVER).interventions());
        for (int i = 0; i < masked.length; i++) {
            double sum = 0;
            for (int position = 0; position < REFERENCE.length; position++) {
                sum += reference[position * heads * dHead + i % (heads * dHead)];
            }
            boolean ours = i / dHead % heads == 1;
            assertThat((double) masked[i]).isCloseTo(ours ? sum / REFERENCE.length : plain[i], within(1e-6));
            if (ours) {
                assertThat(both[i]).isEqualTo(masked[i]); // though an earlier MLP is masked too
            }
        }
    }

    @Test
    void resamplingPutsInTheOtherPromptPositionByPosition() {
        HeadMask head = none.with(MaskUnit.head(1, 1), MaskSetting.of(Mode.RESAMPLE));
        ActiveMask mask = ActiveMask.of(session, head, new MaskSources("", "ids:9,8,7"));
        int dHead = model.config().dims().dHead();
        int heads = model.config().dims().heads();
        float[] other = at(Z, new int[] {9, 8, 7}, List.of());
        float[] plain = at(Z, PROMPT, List.of());
        float[] masked = at(Z, PROMPT, mask.interventions());
        for (int i = 0; i < masked.length; i++) {
            assertThat(masked[i]).isEqualTo(i / dHead % heads == 1 ? other[i] : plain[i]);
        }
        assertThatThrownBy(() -> at(Z, REFERENCE, mask.interventions()))
                .isInstanceOf(HeadscopeException.class)
                .hasMessageContaining("3 positions")
                .hasMessageContaining("5 tokens")
                .hasMessageContaining("equal numbers of tokens");
    }

    @Test
    void nothingNativeIsKept() {
        at(Z, PROMPT, List.of());
        int before = model.ownedResources();
        ActiveMask mask = ActiveMask.of(session, means, OVER);
        at(Z, PROMPT, mask.interventions());
        assertThat(model.ownedResources()).isEqualTo(before);
    }

    @Test
    void withoutAPromptItSaysWhichPartNeedsOneAndHowToNameIt() {
        assertThatThrownBy(() -> ActiveMask.of(session, means, MaskSources.NONE))
                .isInstanceOf(MaskException.class)
                .hasMessageContaining("1.1")
                .hasMessageContaining("--mean-over");
        HeadMask other = none.with(MaskUnit.head(0, 1), MaskSetting.of(Mode.RESAMPLE));
        assertThatThrownBy(() -> ActiveMask.of(session, other, OVER))
                .isInstanceOf(MaskException.class)
                .hasMessageContaining("0.1")
                .hasMessageContaining("--resample-from");
    }

    @Test
    void fileSaysWhichPromptAndOtherModesSayNone() {
        var target = Session.target(model);
        String json = ActiveMask.json(means, OVER, target).toString();
        ImportedMask back = MaskJson.read(json, target, HashCheck.REQUIRE);
        assertThat(back.mask()).isEqualTo(means);
        assertThat(back.sources()).isEqualTo(OVER);

        HeadMask zero = none.with(MaskUnit.head(0, 0), MaskSetting.ZERO);
        assertThat(ActiveMask.json(zero, OVER, target).has("sources")).isFalse();
        for (String broken : List.of("\"text\"", "{\"mean\":3}", "{\"resample\":[\"a\"]}")) {
            String bad = json.replaceFirst("\"sources\":\\{[^}]*\\}", "\"sources\":" + broken);
            assertThatThrownBy(() -> MaskJson.read(bad, target, HashCheck.REQUIRE))
                    .isInstanceOf(MaskFormatException.class)
                    .hasMessageContaining("sources");
        }
    }
}
