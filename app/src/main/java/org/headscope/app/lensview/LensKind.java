package org.headscope.app.lensview;

import org.headscope.app.text.Messages;

/** How a residual stream is read. */
public enum LensKind {
    /** Through the model's own final norm and unembedding. */
    LOGIT(Messages.get("lens.kind.logit")),
    /** With a trained affine map in front. */
    TUNED(Messages.get("lens.kind.tuned"));

    private final String words;

    LensKind(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }
}
