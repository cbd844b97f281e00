package org.headscope.hooks.family.hf;

/** Whether a projection has a bias in the checkpoint. */
enum Bias {
    /** It must have one. */
    YES,
    /** It has none. */
    NO;

    static Bias of(boolean present) {
        return present ? YES : NO;
    }
}
