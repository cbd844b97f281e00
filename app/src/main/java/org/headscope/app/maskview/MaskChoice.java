package org.headscope.app.maskview;

import org.headscope.app.text.Messages;

/**
 * A mask to choose: the one on the table, or a saved one.
 *
 * @param id number of the saved mask, 0 for the one on the table
 * @param name name of the saved mask, empty for the one on the table
 */
public record MaskChoice(long id, String name) {
    /** The mask on the table, whatever it is at the moment. */
    public static final MaskChoice CURRENT = new MaskChoice(0, "");

    static MaskChoice of(SavedMask saved) {
        return new MaskChoice(saved.id(), saved.name());
    }

    String label() {
        return id == 0 ? Messages.get("mask.set.current") : name;
    }
}
