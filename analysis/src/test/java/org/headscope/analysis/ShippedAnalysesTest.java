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
                .containsExactlyInAnyOrder(
                        "activation-patch",
                        "activation-patch-every",
                        "arithmetic-heads",
                        "atp-star",
                        "attention-influence",
                        "attention-integrated-gradients",
                        "attention-pattern",
                        "attention-rhythm",
                        "attention-sinks",
                        "attribution-patch",
                        "circuit-criteria",
                        "circuit-search",
                        "circuit-sizes",
                        "composition-scores",
                        "copying-scores",
                        "delta-attention",
                        "direct-logit-attribution",
                        "direct-path-patch",
                        "duo-attention",
                        "edge-attribution",
                        "factual-recall",
                        "gate-integrated-gradients",
                        "head-ablation",
                        "head-detectors",
                        "head-importance",
                        "head-profile",
                        "head-set",
                        "head-svd",
                        "in-context-score",
                        "logit-lens",
                        "logit-lens-position",
                        "long-heads",
                        "low-rank-qk",
                        "mask-evaluation",
                        "massive-activations",
                        "memory-context-heads",
                        "mlp-decomposition",
                        "multiple-choice-heads",
                        "name-copying",
                        "ov-qk-circuits",
                        "overconfidence",
                        "path-patch",
                        "predictions",
                        "retrieval-causal",
                        "retrieval-heads",
                        "secondary-sinks",
                        "sink-anatomy",
                        "sink-decay",
                        "streaming-sensitivity",
                        "super-weight-analogue",
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
