package org.headscope.hooks.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.headscope.hooks.checkpoint.CheckpointException.Kind;

/** Assertions about refusals. */
final class Expect {
    private Expect() {}

    static AbstractThrowableAssert<?, ?> refusal(Kind kind, ThrowingCallable action) {
        return Assertions.assertThatThrownBy(action)
                .isInstanceOfSatisfying(
                        CheckpointException.class,
                        e -> assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind));
    }
}
