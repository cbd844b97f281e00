package org.headscope.app.attributeview;

/**
 * A token of the vocabulary.
 *
 * @param id its token id
 * @param text how it is shown
 */
record Named(int id, String text) {
    /** As parameters take it. */
    String line() {
        return "ids:" + id;
    }
}
