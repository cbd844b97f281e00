package org.headscope.app.palette;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PaletteModelTest {
    private final PaletteModel model = new PaletteModel();

    @BeforeEach
    void fill() {
        model.add(typed ->
                entries("Open a model folder", "Attribution patching", "Activation patching", "Attention sinks"));
        model.add(typed -> typed.equals("3.1") ? entries("3.1") : List.of());
        model.open();
    }

    @Test
    void showsEverythingWhileNothingIsTyped() {
        assertThat(labels()).hasSize(4).startsWith("Open a model folder");
    }

    @Test
    void firstLettersOfWordsFindAThing() {
        model.typedProperty().set("acp");

        assertThat(labels()).startsWith("Activation patching");
    }

    @Test
    void lettersThatStandTogetherCountMoreThanScatteredOnes() {
        model.typedProperty().set("sink");

        assertThat(labels()).containsExactly("Attention sinks");
    }

    @Test
    void lettersInAnotherOrderFindNothing() {
        model.typedProperty().set("knis");

        assertThat(labels()).isEmpty();
    }

    @Test
    void sourcesSeeWhatIsTyped() {
        model.typedProperty().set("3.1");

        assertThat(labels()).containsExactly("3.1");
    }

    @Test
    void openingAgainForgetsWhatWasTyped() {
        model.typedProperty().set("sink");
        model.open();

        assertThat(labels()).hasSize(4);
    }

    private List<String> labels() {
        return model.matches().stream().map(PaletteEntry::label).toList();
    }

    private static List<PaletteEntry> entries(String... labels) {
        return Stream.of(labels)
                .map(label -> new PaletteEntry(label, "thing", "", () -> {}))
                .toList();
    }
}
