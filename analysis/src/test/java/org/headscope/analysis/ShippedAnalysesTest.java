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
                        "arithmetic-heads",
                        "attention-influence",
                        "activation-patch-every",
                        "atp-star",
                        "attention-integrated-gradients",
                        "attention-pattern",
                        "attention-rhythm",
                        "attention-sinks",
                        "attribution-patch",
                        "circuit-criteria",
                        "circuit-search",
                        "composition-scores",
                        "copying-scores",
                        "delta-attention",
                        "direct-logit-attribution",
                        "factual-recall",
                        "edge-attribution",
                        "direct-path-patch",
                        "duo-attention",
                        "head-ablation",
                        "head-detectors",
                        "head-profile",
                        "gate-integrated-gradients",
                        "head-ablation",
                        "head-detectors",
                        "head-importance",
                        "head-set",
                        "head-svd",
                        "in-context-score",
                        "logit-lens",
                        "memory-context-heads",
                        "mlp-decomposition",
                        "overconfidence",
                        "massive-activations",
                        "long-heads",
                        "low-rank-qk",
                        "multiple-choice-heads",
                        "name-copying",
                        "ov-qk-circuits",
                        "path-patch",
                        "predictions",
                        "retrieval-causal",
                        "retrieval-heads",
                        "secondary-sinks",
                        "sink-anatomy",
                        "sink-decay",
                        "super-weight-analogue",
                        "streaming-sensitivity",
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
