package org.headscope.hooks.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class TokenAlignmentTest {
    @Test
    void promptsOfEqualLengthSayWhereTheyDiffer() {
        TokenAlignment alignment = new TokenAlignment(tokens(5, 1, 2, 3), tokens(5, 7, 2, 8));

        assertThat(alignment.differing()).containsExactly(1, 3);
    }

    @Test
    void promptsOfUnequalLengthShowTheStretchToBlame() {
        TokenAlignment alignment = new TokenAlignment(tokens(5, 1, 2), tokens(5, 3, 4, 2));

        assertThat(alignment.describe())
                .contains("3 and 4 tokens")
                .contains("first 1")
                .contains("last 1")
                .contains("'t1'")
                .contains("'t3|t4'");
    }

    @Test
    void promptsOfUnequalLengthAreRefused() {
        TokenAlignment alignment = new TokenAlignment(tokens(1, 2), tokens(1, 2, 3));

        assertThatThrownBy(alignment::requireEqualLength)
                .isInstanceOf(UnequalLengthException.class)
                .hasMessageContaining("nothing")
                .hasMessageContaining("'t3'")
                .hasMessageContaining("same number of tokens");
    }

    @Test
    void aRepeatedTokenIsNotCountedAtBothEnds() {
        TokenAlignment alignment = new TokenAlignment(tokens(1, 1), tokens(1, 1, 1));

        assertThat(alignment.commonPrefix() + alignment.commonSuffix()).isEqualTo(2);
    }

    @Test
    void equalPromptsDifferNowhere() {
        assertThat(new TokenAlignment(tokens(1, 2), tokens(1, 2)).differing()).isEmpty();
    }

    private static Tokenized tokens(int... ids) {
        List<String> strings = Arrays.stream(ids).mapToObj(id -> "t" + id).toList();
        return new Tokenized(
                "", ids, strings, strings, Collections.nCopies(ids.length, new Span(0, 0)), BosPolicy.NEVER, false);
    }
}
