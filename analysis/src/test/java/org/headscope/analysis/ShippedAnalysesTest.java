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
                        "atp-star",
                        "attention-integrated-gradients",
                        "attention-pattern",
                        "attention-sinks",
                        "attribution-patch",
                        "composition-scores",
                        "copying-scores",
                        "direct-logit-attribution",
                        "gate-integrated-gradients",
                        "head-ablation",
                        "head-detectors",
                        "head-importance",
                        "head-set",
                        "head-svd",
                        "logit-lens",
                        "path-patch",
                        "predictions",
                        "retrieval-heads",
                        "task-accuracy",
                        "task-head-ablation",
                        "task-patch");
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
