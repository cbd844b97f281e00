package org.headscope.hooks.identity;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.Reference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The checkpoints of the reference that no identity is checked on, because nothing reads them. */
@Tag("engine")
class UnreadFamiliesTest {
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "t5, an encoder and a decoder with cross attention",
        "vit, reads images",
        "clip_vision, reads images",
        "gpt_oss, mixture of experts with attention sinks",
        "mixtral, mixture of experts",
        "qwen3_moe, mixture of experts"
    })
    void isRefusedByNameInsteadOfReadHalf(String family, String reason) {
        Path folder = Reference.require("tiny/" + family);

        assertThatThrownBy(() -> ModelLoader.load(folder).close())
                .as(reason)
                .isInstanceOf(HeadscopeException.class)
                .hasMessageContaining(family);
    }
}
