package org.headscope.analysis.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParameterBinderTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    enum Direction {
        DENOISING,
        NOISING_ALL
    }

    record Sample(
            @Param(label = "Top heads", unit = "heads", min = 1, max = 144, defaultValue = "10", help = "h") int topK,
            @Param(label = "Seed", defaultValue = "9007199254740993", help = "h") long seed,
            @Param(label = "Threshold", min = 0, max = 1, defaultValue = "0.3", help = "h") double epsilon,
            @Param(label = "By position", defaultValue = "false", help = "h") boolean byPosition,
            @Param(label = "Answer", defaultValue = " Mary", help = "h") String answer,
            @Param(label = "Direction", defaultValue = "denoising", help = "h") Direction direction,
            @Param(label = "Layers", min = 0, defaultValue = "", help = "h") List<Integer> layers,
            @Param(label = "Wrong answers", defaultValue = "", help = "h") List<String> wrong,
            @Param(label = "Clean", defaultValue = "ids:1,2", help = "h") Prompt clean,
            @Param(label = "Position", help = "h") @Nullable Integer position) {}

    private static final ParameterBinder<Sample> BINDER = ParameterBinder.of(Sample.class);

    /** Words of a registry. */
    public static final class Names implements ChoiceSource {
        @Override
        public List<String> choices() {
            return List.of("repeat", "key-value");
        }
    }

    record Named(@Param(label = "Task", choices = Names.class, help = "h") String task) {}

    record NamedNumber(@Param(label = "Task", choices = Names.class, help = "h") int task) {}

    record Required(@Param(label = "Prompt", help = "h") Prompt prompt) {}

    record Span(
            @Param(label = "From", defaultValue = "0", help = "h") int from,
            @Param(label = "To", defaultValue = "1", help = "h") int to) {
        Span {
            if (from > to) {
                throw new IllegalArgumentException("from must not exceed to.");
            }
        }
    }

    private static JsonNode json(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void defaultsComeFromTheDeclaration() {
        assertThat(BINDER.defaults())
                .isEqualTo(new Sample(
                        10,
                        9007199254740993L,
                        0.3,
                        false,
                        " Mary",
                        Direction.DENOISING,
                        List.of(),
                        List.of(),
                        new Prompt.Ids(List.of(1, 2)),
                        null));
    }

    @Test
    void specsAreInOrderOfDeclarationWithKebabFlags() {
        assertThat(BINDER.specs())
                .extracting(ParameterSpec::flag)
                .containsExactly(
                        "top-k",
                        "seed",
                        "epsilon",
                        "by-position",
                        "answer",
                        "direction",
                        "layers",
                        "wrong",
                        "clean",
                        "position");
    }

    @Test
    void aSpecCarriesWhatAFormNeeds() {
        ParameterSpec spec = BINDER.specs().get(0);
        assertThat(spec)
                .isEqualTo(new ParameterSpec(
                        "topK",
                        "top-k",
                        ParameterType.INTEGER,
                        "Top heads",
                        "heads",
                        1,
                        144,
                        "10",
                        false,
                        List.of(),
                        "h"));
    }

    @Test
    void anEnumOffersItsConstantsAsKebabWords() {
        assertThat(BINDER.specs().get(5).choices()).containsExactly("denoising", "noising-all");
    }

    @Test
    void aTextCanOfferTheWordsOfARegistry() {
        ParameterBinder<Named> binder = ParameterBinder.of(Named.class);

        assertThat(binder.specs().get(0).type()).isEqualTo(ParameterType.CHOICE);
        assertThat(binder.specs().get(0).choices()).containsExactly("repeat", "key-value");
        assertThat(binder.bind(binder.toJson(new Named("key-value")))).isEqualTo(new Named("key-value"));
        assertThatThrownBy(() -> binder.bind(Map.of("task", "juggle")))
                .isInstanceOf(ParameterException.class)
                .hasMessage("Parameter --task cannot be 'juggle': give one of repeat, key-value.");
        assertThatThrownBy(() -> ParameterBinder.of(NamedNumber.class))
                .isInstanceOf(DeclarationException.class)
                .hasMessageContaining("must be a String");
    }

    @ParameterizedTest
    @ValueSource(strings = {"topK", "top-k", "top_k", "--top-k"})
    void namesMayBeSpelledInAnyCase(String name) {
        assertThat(BINDER.bind(Map.of(name, "7")).topK()).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"noising-all", "NOISING_ALL", "noising_all"})
    void choicesMayBeSpelledInAnyCase(String word) {
        assertThat(BINDER.bind(Map.of("direction", word)).direction()).isEqualTo(Direction.NOISING_ALL);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "top-k | 0 | a whole number from 1 to 144",
                "top-k | 145 | a whole number from 1 to 144",
                "top-k | 2.5 | a whole number from 1 to 144",
                "top-k | 99999999999 | a whole number from 1 to 144",
                "epsilon | 1.5 | a number from 0 to 1",
                "epsilon | NaN | a number from 0 to 1",
                "epsilon | 1e999 | a number from 0 to 1",
                "by-position | yes | true or false",
                "direction | sideways | one of denoising, noising-all",
                "layers | 1,-1 | whole numbers separated by commas, each of at least 0",
                "layers | 1,,2 | whole numbers separated by commas, each of at least 0",
                "wrong | [1] | texts separated by commas, or a JSON array of strings",
                "clean | ids:1,x | text, or token ids as ids:1,2,3",
            })
    void aBadValueIsRefusedWithParameterValueAndRange(String flag, String value, String allowed) {
        ParameterException error =
                catchThrowableOfType(ParameterException.class, () -> BINDER.bind(Map.of(flag, value)));
        assertThat(error.parameter()).isEqualTo(flag);
        assertThat(error.value()).isEqualTo(value);
        assertThat(error.allowed()).isEqualTo(allowed);
        assertThat(error).hasMessageContainingAll("--" + flag, "'" + value + "'", allowed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"top_k\":0}",
                "{\"top_k\":\"7\"}",
                "{\"top_k\":7.5}",
                "{\"epsilon\":\"x\"}",
                "{\"by_position\":1}",
                "{\"direction\":3}",
                "{\"layers\":[1.5]}",
                "{\"layers\":{}}",
                "{\"wrong\":[1]}",
                "{\"clean\":{}}",
                "[]"
            })
    void aBadJsonValueIsRefused(String text) {
        assertThatThrownBy(() -> BINDER.bind(json(text))).isInstanceOf(ParameterException.class);
    }

    @Test
    void aSingleStoredValueIsAListOfOne() {
        assertThat(BINDER.bind(json("{\"layers\":3}"))).isEqualTo(BINDER.bind(Map.of("layers", "3")));
    }

    @Test
    void anUnknownNameIsRefusedAndTheKnownOnesAreListed() {
        assertThatThrownBy(() -> BINDER.bind(Map.of("topp", "1")))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("no parameter --topp")
                .hasMessageContaining("--top-k, --seed");
    }

    @Test
    void oneParameterInTwoSpellingsIsRefused() {
        assertThatThrownBy(() -> BINDER.bind(Map.of("topK", "1", "top-k", "2")))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("twice");
    }

    @Test
    void aMissingRequiredParameterIsNamed() {
        assertThatThrownBy(() -> ParameterBinder.of(Required.class).defaults())
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("--prompt is missing");
    }

    @Test
    void whatTheRecordItselfRefusesIsReportedInItsWords() {
        assertThatThrownBy(() -> ParameterBinder.of(Span.class).bind(Map.of("from", "5")))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("from must not exceed to.");
    }

    @Test
    void leadingBlanksOfTextSurviveBecauseTheyMatterInTokens() {
        Sample sample = BINDER.bind(Map.of("answer", " John", "wrong", " a\\,b, c"));
        assertThat(sample.answer()).isEqualTo(" John");
        assertThat(sample.wrong()).containsExactly(" a,b", " c");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void textAndJsonBothReadBackEqual(long seed) {
        Sample sample = random(new Random(seed));
        assertThat(BINDER.bind(BINDER.toText(sample))).isEqualTo(sample);
        assertThat(BINDER.bind(json(BINDER.toJson(sample).toString()))).isEqualTo(sample);
    }

    private static Sample random(Random random) {
        List<String> odd = List.of("", " ", ",", "a\\,b", "[", "ids:1", "text:x", "\"", "é\n");
        return new Sample(
                1 + random.nextInt(144),
                random.nextLong(),
                random.nextDouble(),
                random.nextBoolean(),
                odd.get(random.nextInt(odd.size())),
                Direction.values()[random.nextInt(2)],
                random.nextBoolean() ? List.of() : List.of(random.nextInt(9), random.nextInt(9)),
                random.nextBoolean() ? List.of() : List.of(odd.get(random.nextInt(odd.size())), ""),
                random.nextBoolean()
                        ? new Prompt.Ids(List.of(random.nextInt()))
                        : new Prompt.Text(odd.get(random.nextInt(odd.size()))),
                random.nextBoolean() ? null : random.nextInt());
    }

    @Test
    void jsonUsesSnakeCaseAndLeavesOutWhatIsNull() {
        assertThat(BINDER.toJson(BINDER.defaults()).toString())
                .isEqualTo(
                        "{\"top_k\":10,\"seed\":9007199254740993,\"epsilon\":0.3,\"by_position\":false,"
                                + "\"answer\":\" Mary\",\"direction\":\"denoising\",\"layers\":[],\"wrong\":[],\"clean\":[1,2]}");
    }

    record NoAnnotation(int x) {}

    record WrongType(@Param(label = "x", help = "h") float x) {}

    record WrongDefault(@Param(label = "x", min = 1, defaultValue = "0", help = "h") int x) {}

    record NullableWithDefault(@Param(label = "x", defaultValue = "1", help = "h") @Nullable Integer x) {}

    record SameWhenSpelled(
            @Param(label = "x", defaultValue = "1", help = "h") int topK,
            @Param(label = "x", defaultValue = "1", help = "h") int topk) {}

    @ParameterizedTest
    @ValueSource(
            classes = {
                NoAnnotation.class,
                WrongType.class,
                WrongDefault.class,
                NullableWithDefault.class,
                SameWhenSpelled.class
            })
    void aWrongDeclarationIsFoundWhenItIsRead(Class<? extends Record> type) {
        assertThatThrownBy(() -> ParameterBinder.of(type))
                .isInstanceOf(DeclarationException.class)
                .hasMessageContaining(type.getSimpleName());
    }
}
