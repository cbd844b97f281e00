package org.headscope.app.attributeview;

import java.util.List;

/**
 * What one layer would say.
 *
 * @param layer which residual stream
 * @param likeliest its likeliest tokens, likeliest first
 * @param answer the answer in it
 * @param foil the foil in it
 */
public record LensRow(String layer, List<Candidate> likeliest, Followed answer, Followed foil) {
    /**
     * A token and how likely it is.
     *
     * @param text how it is shown
     * @param probability how likely it is
     */
    public record Candidate(String text, double probability) {}

    /**
     * A token that is followed through the layers.
     *
     * @param probability how likely it is
     * @param rank how many tokens are at least as likely, itself included
     */
    public record Followed(double probability, long rank) {}
}
