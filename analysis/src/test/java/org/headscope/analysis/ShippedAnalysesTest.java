package org.headscope.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisRegistry;
import org.headscope.analysis.spi.ParameterBinder;
import org.junit.jupiter.api.Test;

class ShippedAnalysesTest {
    @Test
    void everyMethodIsFoundByItsId() {
        assertThat(AnalysisRegistry.load().all())
                .extracting(analysis -> analysis.info().id())
                .contains(
                        "activation-patch",
                        "activation-patch-every",
                        "attention-pattern",
                        "attention-sinks",
                        "attribution-patch",
                        "composition-scores",
                        "copying-scores",
                        "direct-logit-attribution",
                        "direct-path",
                        "head-ablation",
                        "head-detectors",
                        "head-set",
                        "head-svd",
                        "in-context-score",
                        "logit-lens",
                        "low-rank-qk",
                        "multiple-choice-heads",
                        "name-copying",
                        "ov-qk-circuits",
                        "path-patch",
                        "predictions",
                        "retrieval-causal",
                        "retrieval-heads",
                        "task-accuracy",
                        "task-attribution",
                        "task-head-ablation",
                        "task-patch",
                        "tuned-lens");
    }

    @Test
    void everyParameterRecordIsDeclaredSoThatAFormCanBeMadeOfIt() {
        for (Analysis<?, ?> analysis : AnalysisRegistry.load().all()) {
            assertThat(ParameterBinder.of(analysis.parameters()).specs())
                    .as(analysis.info().id())
                    .isNotEmpty();
        }
    }
}
