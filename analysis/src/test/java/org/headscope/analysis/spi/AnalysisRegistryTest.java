package org.headscope.analysis.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.headscope.analysis.result.Findings;
import org.headscope.hooks.HeadscopeException;
import org.junit.jupiter.api.Test;

class AnalysisRegistryTest {
    record NoParameters() {}

    record Undeclared(int k) {}

    private record Named<P extends Record>(String id, Class<P> parameters) implements Analysis<P, Findings> {
        @Override
        public AnalysisInfo info() {
            return AnalysisInfo.of(id, "Name", AnalysisInfo.Area.DETECT)
                    .measures("m")
                    .formula("f")
                    .source("s")
                    .exactness(AnalysisInfo.Exactness.EXACT, "e")
                    .cost("none")
                    .build();
        }

        @Override
        public Findings run(AnalysisContext context, P values, Progress progress) {
            return Findings.of();
        }
    }

    private static Analysis<?, ?> named(String id) {
        return new Named<>(id, NoParameters.class);
    }

    @Test
    void analysesAreFoundByIdAndListedInOrder() {
        Analysis<?, ?> b = named("b");
        AnalysisRegistry registry = new AnalysisRegistry(List.of(b, named("a")));
        assertThat(registry.get("b")).isSameAs(b);
        assertThat(registry.all()).extracting(analysis -> analysis.info().id()).containsExactly("a", "b");
    }

    @Test
    void twoAnalysesOfOneIdAreRefused() {
        assertThatThrownBy(() -> new AnalysisRegistry(List.of(named("a"), named("a"))))
                .isInstanceOf(DeclarationException.class)
                .hasMessageContaining("'a'");
    }

    @Test
    void wronglyDeclaredParametersAreFoundAtRegistration() {
        assertThatThrownBy(() -> new AnalysisRegistry(List.of(new Named<>("a", Undeclared.class))))
                .isInstanceOf(DeclarationException.class)
                .hasMessageContaining("no @Param");
    }

    @Test
    void anUnknownIdIsAnsweredWithTheKnownOnes() {
        assertThatThrownBy(() -> new AnalysisRegistry(List.of(named("head-ablation"))).get("head-ablatoin"))
                .isInstanceOf(HeadscopeException.class)
                .hasMessageContaining("Known: head-ablation");
    }

    @Test
    void everyShippedAnalysisIsDeclaredRightly() {
        assertThat(AnalysisRegistry.load().all()).doesNotHaveDuplicates();
    }
}
