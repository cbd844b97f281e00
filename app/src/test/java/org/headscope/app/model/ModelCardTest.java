package org.headscope.app.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.headscope.analysis.session.Session;
import org.headscope.analysis.session.SessionPrompts;
import org.headscope.analysis.spi.Prompt;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelCardTest {
    @TempDir
    Path folder;

    @Test
    void cardIsFoundBesideTheWeightsAndInTheFolder() throws IOException {
        write("{\"prompt\": \"Once\", \"about\": \"Small.\"}");

        assertThat(ModelCard.read(folder)).isEqualTo(new ModelCard("Once", "Small."));
        assertThat(ModelCard.read(folder.resolve("model.safetensors"))).isEqualTo(new ModelCard("Once", "Small."));
    }

    @Test
    void whatIsLeftOutIsEmpty() throws IOException {
        assertThat(ModelCard.read(folder)).isEqualTo(ModelCard.NONE);
        write("{\"about\": \"Small.\"}");

        assertThat(ModelCard.read(folder)).isEqualTo(new ModelCard("", "Small."));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{\"prompt\": ", "[\"Once\"]", "{\"prompt\": 7}", "{\"prompt\": \"a\", \"about\": null}"})
    void brokenCardIsRefusedWithWhereAndWhatToDo(String text) throws IOException {
        write(text);

        assertThatThrownBy(() -> ModelCard.read(folder))
                .isInstanceOf(HeadscopeException.class)
                .hasMessageContaining(folder.resolve("headscope.json").toString())
                .hasMessageContaining("Correct it")
                .hasMessageContaining("or remove it");
    }

    @Test
    @Tag("engine")
    void everyShippedModelBeginsWithAPromptItCanRead() {
        assertThat(ModelCatalog.standard().bundled())
                .extracting(ModelCatalog.Entry::name)
                .contains(ModelCatalog.DEFAULT);
        assertThat(ModelCatalog.standard().bundled()).allSatisfy(entry -> {
            ModelCard card = ModelCard.read(entry.path());
            assertThat(card.about()).isNotBlank();
            try (HookedTransformer model = ModelLoader.load(entry.path())) {
                int tokens = new SessionPrompts(Session.of(model))
                        .encode("prompt", new Prompt.Text(card.prompt()))
                        .ids()
                        .size();
                assertThat(tokens).isBetween(2, model.config().dims().context());
            }
        });
    }

    private void write(String text) throws IOException {
        Files.writeString(folder.resolve("headscope.json"), text);
    }
}
