package org.headscope.hooks.family;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Tensors that checkpoints carry along though no forward pass of ours needs them: causal masks saved as buffers,
 * precomputed rotary frequencies, heads for other tasks, and second copies of tied weights.
 */
final class SparePart {
    private static final List<Pattern> PATTERNS = List.of(
            // h.0.attn.bias is a mask; the biases of projections sit one level deeper
            Pattern.compile("(.*\\.)?(attn|attention|self_attn)\\.(bias|masked_bias)"),
            Pattern.compile("(.*\\.)?rotary_emb\\.inv_freq"),
            Pattern.compile("(.*\\.)?(position_ids|token_type_ids)"),
            Pattern.compile("(.*\\.)?pooler\\..*"),
            Pattern.compile("cls\\.seq_relationship\\..*"),
            Pattern.compile(
                    "(lm_head|embed_out|cls\\.predictions\\.decoder|lm_head\\.decoder|vocab_projector)\\.weight"),
            Pattern.compile("(cls\\.predictions\\.decoder|lm_head\\.decoder)\\.bias"));

    private SparePart() {}

    static boolean is(String name) {
        return PATTERNS.stream().anyMatch(pattern -> pattern.matcher(name).matches());
    }
}
