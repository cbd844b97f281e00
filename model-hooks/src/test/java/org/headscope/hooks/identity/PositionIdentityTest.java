package org.headscope.hooks.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.headscope.hooks.testing.Acts;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What positions may know: nothing of later tokens, and nothing of where they are unless something tells them. */
@Tag("engine")
class PositionIdentityTest {
    private static final int CHANGED = 7;
    private static final int TOKEN = 9;

    /**
     * Without learned positions nothing tells equal tokens apart (the sinks of Gu et al., arXiv 2410.10781, vanish then):
     * whatever the weights of attention, it averages equal values.
     */
    @ParameterizedTest
    @MethodSource("org.headscope.hooks.identity.Subject#decoders")
    void oneTokenRepeatedHasOneStateAtAllPositionsUnlessPositionsAreLearned(String name) {
        try (Subject subject = Subject.open(name)) {
            int[] same = new int[Subject.LENGTH];
            Arrays.fill(same, TOKEN);
            for (int l = 0; l < subject.layers(); l++) {
                Acts states = Acts.at(subject.blockEnd(l), subject.model(), TokenBatch.of(same));
                double spread = states.distance(states.map((place, old) -> states.get(place[0], 0, place[2])));
                if (subject.learnedPositions()) {
                    assertThat(spread).as("layer %d", l).isGreaterThan(1e-2);
                } else {
                    assertThat(spread).as("layer %d", l).isLessThan(1e-5);
                }
            }
        }
    }

    /** Encoders look both ways, so there earlier rows do change. */
    @ParameterizedTest
    @MethodSource("org.headscope.hooks.identity.Subject#all")
    void aTokenChangesNothingBeforeItInAnyTensorOfADecoder(String name) {
        try (Subject subject = Subject.open(name)) {
            List<HookSite> sites = subject.model().sites().all().stream()
                    .filter(site -> site.kind() != SiteKind.TOKENS)
                    .toList();
            TokenBatch prompts = subject.prompts(7);
            try (RunResult before = subject.run(prompts, sites);
                    RunResult after = subject.run(changed(prompts), sites)) {
                double largest = 0;
                for (HookSite site : sites) {
                    double difference = earlier(before, after, site);
                    if (subject.model().config().attention().causal()) {
                        assertThat(difference).as("%s", site).isLessThan(1e-6);
                    }
                    largest = Math.max(largest, difference);
                }
                assertThat(largest > 1e-3)
                        .isEqualTo(!subject.model().config().attention().causal());
            }
        }
    }

    private static TokenBatch changed(TokenBatch prompts) {
        int[][] ids = Arrays.stream(prompts.ids()).map(int[]::clone).toArray(int[][]::new);
        for (int[] row : ids) {
            row[CHANGED] = row[CHANGED] == TOKEN ? TOKEN + 1 : TOKEN;
        }
        return TokenBatch.of(ids);
    }

    /** The largest change in rows before the changed token; scores that are masked are minus infinity in both. */
    private static double earlier(RunResult before, RunResult after, HookSite site) {
        Acts old = Acts.of(before.cache().get(site));
        Acts now = Acts.of(after.cache().get(site));
        int axis = site.kind().positionAxis();
        double[] largest = {0};
        now.map((place, value) -> {
            float was = old.get(place);
            if (place[axis] < CHANGED && value != was) {
                largest[0] = Math.max(largest[0], Math.abs((double) value - was));
            }
            return value;
        });
        return largest[0];
    }
}
