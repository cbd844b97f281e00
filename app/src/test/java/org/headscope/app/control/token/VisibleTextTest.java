package org.headscope.app.control.token;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VisibleTextTest {
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            textBlock =
                    """
            " Mary",  "·Mary"
            "a  b",   "a··b"
            "\\n\\n", "↵↵"
            "\\t",    "⇥"
            "\\r",    "␍"
            "\\0",    "␀"
            "",       "∅"
            "日本",   "日本"
            "<|endoftext|>", "<|endoftext|>"
            """)
    void invisiblePartsAreShown(String token, String shown) {
        assertThat(VisibleText.of(token.translateEscapes())).isEqualTo(shown);
    }

    @Test
    void longTokenIsCutInTheMiddleBetweenCharacters() {
        assertThat(VisibleText.of("😀".repeat(40))).isEqualTo("😀".repeat(12) + "…" + "😀".repeat(11));
    }
}
