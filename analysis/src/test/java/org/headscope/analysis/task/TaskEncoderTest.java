package org.headscope.analysis.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.headscope.analysis.BundledTokenizer;
import org.headscope.hooks.tokens.BosPolicy;
import org.headscope.hooks.tokens.TextTokenizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskEncoderTest {
    private static final String WHOLE_WORDS =
            """
            {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": null,
             "pre_tokenizer": {"type": "WhitespaceSplit"}, "post_processor": null, "decoder": null,
             "model": {"type": "WordLevel", "vocab": {%s}, "unk_token": "[UNK]"}}
            """;

    @TempDir
    Path folder;

    private TextTokenizer wholeWords(List<String> words) throws IOException {
        StringBuilder vocabulary = new StringBuilder("\"[UNK]\": 0");
        for (String word : words) {
            vocabulary
                    .append(", \"")
                    .append(word)
                    .append("\": ")
                    .append(vocabulary.toString().split(":", -1).length - 1);
        }
        Files.writeString(folder.resolve("tokenizer.json"), String.format(Locale.ROOT, WHOLE_WORDS, vocabulary));
        return TextTokenizer.load(folder);
    }

    @Test
    void theUnknownTokenIsNoWord() throws IOException {
        try (TextTokenizer tokenizer = wholeWords(List.of("a", "dog", "Mary"))) {
            TaskEncoder encoder = new TaskEncoder(tokenizer, BosPolicy.AUTO);
            assertThat(encoder.words().list(0, "names")).containsExactly("Mary");
            assertThat(encoder.words().things(0, "animal")).containsExactly("dog");
            assertThatThrownBy(() -> encoder.draw(TaskRegistry.require("ioi"), Split.TRAIN, 1, 1))
                    .isInstanceOf(TaskException.class)
                    .hasMessageContaining("Only 1 of the names");
        }
    }

    @Test
    void aPromptWithUnknownWordsIsRefused() throws IOException {
        List<String> words = new ArrayList<>(List.of("a", "the", "a.", "capital", "of", "is"));
        words.addAll(WordLists.column("countries", "country"));
        words.addAll(WordLists.column("countries", "capital"));
        try (TextTokenizer tokenizer = wholeWords(words)) {
            TaskEncoder encoder = new TaskEncoder(tokenizer, BosPolicy.AUTO);
            assertThatThrownBy(() -> encoder.draw(TaskRegistry.require("conflict"), Split.TRAIN, 1, 1))
                    .isInstanceOf(TaskException.class)
                    .hasMessageContaining("'conflict' cannot be asked of this tokenizer")
                    .hasMessageContaining("does not know all words of '")
                    .hasMessageContaining("Choose another task");
        }
    }

    @Test
    void drawsDependOnTheSeedAlone() {
        try (TextTokenizer tokenizer = BundledTokenizer.open()) {
            TaskGenerator task = TaskRegistry.require("ioi");
            TaskEncoder used = new TaskEncoder(tokenizer, BosPolicy.AUTO);
            List<TaskExample> first = examples(used.draw(task, Split.HELD_OUT, 30, 5));
            used.draw(task, Split.TRAIN, 10, 6);
            assertThat(examples(used.draw(task, Split.HELD_OUT, 30, 5))).isEqualTo(first);
            assertThat(examples(new TaskEncoder(tokenizer, BosPolicy.AUTO).draw(task, Split.HELD_OUT, 30, 5)))
                    .isEqualTo(first);
            assertThat(examples(used.draw(task, Split.HELD_OUT, 30, 6))).isNotEqualTo(first);
        }
    }

    private static List<TaskExample> examples(List<EncodedExample> encoded) {
        return encoded.stream().map(EncodedExample::example).toList();
    }

    @Test
    void theBeginningTokenFollowsThePolicy() {
        try (TextTokenizer tokenizer = BundledTokenizer.open()) {
            TaskGenerator task = TaskRegistry.require("capital");
            int[] with = new TaskEncoder(tokenizer, BosPolicy.ALWAYS)
                    .draw(task, Split.TRAIN, 1, 5)
                    .get(0)
                    .clean();
            int[] without = new TaskEncoder(tokenizer, BosPolicy.NEVER)
                    .draw(task, Split.TRAIN, 1, 5)
                    .get(0)
                    .clean();
            assertThat(with[0]).isEqualTo(tokenizer.bosId().orElseThrow());
            assertThat(Arrays.copyOfRange(with, 1, with.length)).isEqualTo(without);
        }
    }
}
