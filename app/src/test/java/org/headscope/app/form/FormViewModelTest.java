package org.headscope.app.form;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.headscope.analysis.spi.AnalysisRegistry;
import org.junit.jupiter.api.Test;

class FormViewModelTest {
    private final FormViewModel form = new FormViewModel(AnalysisRegistry.load().get("activation-patch"));

    @Test
    void onlyWhatDiffersFromTheDefaultsIsGiven() {
        type("clean", "ids:1,2");
        type("mode", "denoise");

        assertThat(form.texts()).isEqualTo(Map.of("clean", "ids:1,2"));
    }

    @Test
    void missingParameterIsToldAtItsFieldUntilItIsFilledIn() {
        assertThat(form.check()).isPresent();
        FormField clean = form.field("clean").orElseThrow();
        assertThat(clean.errorProperty().get()).contains("--clean is missing");

        type("clean", "ids:1,2");
        assertThat(clean.errorProperty().get()).isEmpty();
    }

    @Test
    void completeFormHasNothingWrong() {
        type("clean", "a");
        type("corrupt", "b");
        type("answer", "c");
        type("foil", "d");

        assertThat(form.check()).isEmpty();
    }

    private void type(String name, String text) {
        form.field(name).orElseThrow().textProperty().set(text);
    }
}
