package org.headscope.analysis.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.headscope.analysis.BundledTokenizer;
import org.headscope.hooks.tokens.BosPolicy;
import org.headscope.hooks.tokens.TextTokenizer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Prompts of one form align token by token, so that means over them mean something. */
@Tag("engine")
class TaskFormsTest {
    private static TextTokenizer tokenizer;
    private static TaskEncoder encoder;

    @BeforeAll
    static void open() {
        tokenizer = BundledTokenizer.open();
        encoder = new TaskEncoder(tokenizer, BosPolicy.AUTO);
    }

    @AfterAll
    static void close() {
        tokenizer.close();
    }

    static Stream<TaskGenerator> tasks() {
        return TaskRegistry.all().stream();
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void examplesOfOneFormHaveOneLength(TaskGenerator task) {
        Map<String, Integer> lengths = new HashMap<>();
        for (EncodedExample example : encoder.draw(task, Split.TRAIN, 60, 1)) {
            String form = example.example().form();
            if (!form.isEmpty()) {
                assertThat(example.length())
                        .as(example.example().prompt())
                        .isEqualTo(lengths.computeIfAbsent(form, key -> example.length()));
            }
        }
        assertThat(lengths.isEmpty())
                .isEqualTo(List.of("repeat", "key-value", "needle", "multiple-choice", "story")
                        .contains(task.info().id()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ioi", "phrase"})
    void neutralPromptsAlignWithTheirForm(String id) {
        TaskGenerator task = TaskRegistry.require(id);
        for (EncodedExample example : encoder.draw(task, Split.HELD_OUT, 40, 2)) {
            encoder.neutral(task, example.example().form(), 5, 3)
                    .forEach(ids -> assertThat(ids).hasSameSizeAs(example.clean()));
        }
    }

    @Test
    void neutralIndirectObjectsNameThreePeople() {
        IndirectObject task = new IndirectObject();
        List<String> names = encoder.words().list(4, "names");
        SplittableRandom random = new SplittableRandom(4);
        for (EncodedExample example : encoder.draw(task, Split.TRAIN, 40, 5)) {
            assertThat(named(example.example().prompt(), names)).isEqualTo(2);
            assertThat(named(task.neutral(example.example().form(), encoder.words(), random), names))
                    .isEqualTo(3);
        }
    }

    private static long named(String prompt, List<String> names) {
        return names.stream()
                .filter(name -> prompt.matches(".*\\b" + name + "\\b.*"))
                .count();
    }

    @Test
    void tasksWithoutNeutralPromptsSayWhichHaveSome() {
        assertThatThrownBy(() -> encoder.neutral(TaskRegistry.require("capital"), "", 1, 0))
                .isInstanceOf(TaskException.class)
                .hasMessageContaining("phrase and ioi");
    }
}
