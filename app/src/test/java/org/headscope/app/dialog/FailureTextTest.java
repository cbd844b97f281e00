package org.headscope.app.dialog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletionException;
import org.headscope.hooks.HeadscopeException;
import org.junit.jupiter.api.Test;

class FailureTextTest {
    @Test
    void ownFailureSpeaksForItself() {
        assertThat(FailureText.of(new HeadscopeException("No such folder: x")).message())
                .isEqualTo("No such folder: x");
    }

    @Test
    void foreignFailureNeverShowsItsRawText() {
        FailureText text = FailureText.of(new IllegalStateException("org.foo.Bar$3@1f2e"));

        assertThat(text.message()).contains("IllegalStateException").doesNotContain("@1f2e");
    }

    @Test
    void detailsHoldTheWholeTrace() {
        assertThat(FailureText.of(new IllegalStateException("inner")).details())
                .contains("inner")
                .contains("FailureTextTest");
    }

    @Test
    void wrappersOfConcurrencyAreLookedThrough() {
        assertThat(FailureText.of(new CompletionException(new HeadscopeException("real")))
                        .message())
                .isEqualTo("real");
    }
}
