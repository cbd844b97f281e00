package org.headscope.analysis.session;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.ModelConfig;

/** The short form of a model's configuration that travels with results, in TransformerLens' words. */
final class ConfigJson {
    private ConfigJson() {}

    static ObjectNode of(ModelConfig config) {
        Dims dims = config.dims();
        return JsonNodeFactory.instance
                .objectNode()
                .put("family", config.family())
                .put("n_layers", dims.layers())
                .put("n_heads", dims.heads())
                .put("n_key_value_heads", dims.kvHeads())
                .put("d_model", dims.dModel())
                .put("d_head", dims.dHead())
                .put("d_mlp", dims.dMlp())
                .put("n_ctx", dims.context())
                .put("d_vocab", dims.vocab())
                .put("block", config.block().arrangement().name().toLowerCase(Locale.ROOT))
                .put("norm", config.block().norm().kind().name().toLowerCase(Locale.ROOT))
                .put("causal", config.attention().causal());
    }
}
