package org.headscope.analysis.spi;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnalysisInfoTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "HeadAblation", "head_ablation", "head--ablation", "-head", "1head", "head-"})
    void anIdThatIsNotKebabCaseIsRefused(String id) {
        assertThatThrownBy(() -> AnalysisInfo.of(id, "n", AnalysisInfo.Area.ABLATE)
                        .measures("m")
                        .formula("f")
                        .source("s")
                        .exactness(AnalysisInfo.Exactness.EXACT, "e")
                        .cost("c")
                        .build())
                .isInstanceOf(DeclarationException.class)
                .hasMessageContaining("kebab-case");
    }

    @Test
    void aDescriptionWithoutItsSourceIsRefused() {
        assertThatThrownBy(() -> AnalysisInfo.of("head-ablation", "n", AnalysisInfo.Area.ABLATE)
                        .measures("m")
                        .formula("f")
                        .exactness(AnalysisInfo.Exactness.EXACT, "e")
                        .cost("c")
                        .build())
                .isInstanceOf(DeclarationException.class)
                .hasMessageContaining("does not say its source");
    }
}
