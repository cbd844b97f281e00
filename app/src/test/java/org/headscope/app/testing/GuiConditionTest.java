package org.headscope.app.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class GuiConditionTest {
    @Test
    void withADisplayTheTestRuns() {
        assertThat(GuiCondition.decide("HeadGrid", true, true).isDisabled()).isFalse();
    }

    @Test
    void withoutADisplayTheTestIsSkippedWithAReason() {
        assertThat(GuiCondition.decide("HeadGrid", false, false).getReason())
                .hasValueSatisfying(reason -> assertThat(reason).contains("xvfb-run"));
    }

    @Test
    void whereItMustRunAMissingDisplayIsAFailure() {
        assertThatThrownBy(() -> GuiCondition.decide("HeadGrid", false, true))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("HeadGrid");
    }
}
