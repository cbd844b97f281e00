package org.headscope.hooks.tiny;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("engine")
class FamilyParityTest {
    @ParameterizedTest
    @MethodSource("org.headscope.hooks.tiny.TinyModel#families")
    void logitsAgree(String family) {
        try (TinyModel tiny = TinyModel.open(family)) {
            double d = TinyModel.distance(tiny.logits(), tiny.golden().values("logits"));
            assertThat(d).isLessThanOrEqualTo(tiny.golden().tolerance("logits"));
        }
    }
}
