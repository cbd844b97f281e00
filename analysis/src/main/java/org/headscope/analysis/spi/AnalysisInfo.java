package org.headscope.analysis.spi;

import java.util.regex.Pattern;

/**
 * What an analysis says about itself, before it runs.
 *
 * @param id unique name in kebab-case, as typed after {@code headscope run}
 * @param name its name, in sentence case
 * @param area where it belongs in the window
 * @param measures one sentence on what it measures
 * @param formula the definition, in plain text with the names of the field
 * @param source the paper or code it follows, so that a claim can be checked
 * @param exactness whether the definition was read or reconstructed
 * @param exactnessNote what exactly is exact, what is not, and known deviations
 * @param cost how its cost arises, in words, such as {@code one forward per cell, batched}
 * @param approximates the quantity that its numbers only estimate, with the id of the analysis that computes it where there
 *     is one; blank when the numbers are what the formula says. Exactness grades the definition, this the values
 */
public record AnalysisInfo(
        String id,
        String name,
        Area area,
        String measures,
        String formula,
        String source,
        Exactness exactness,
        String exactnessNote,
        String cost,
        String approximates) {
    private static final Pattern KEBAB = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

    /** Where an analysis belongs in the window. */
    public enum Area {
        /** Activation and path patching. */
        PATCH,
        /** Direct and gradient attribution. */
        ATTRIBUTE,
        /** Removing parts and measuring what is lost. */
        ABLATE,
        /** Scores that find heads of a kind. */
        DETECT,
        /** Searching and judging circuits. */
        CIRCUIT,
        /** Reading the residual stream and weights through the vocabulary. */
        LENS,
        /** Choosing what to remove for good. */
        PRUNE,
        /** How well a model does what it is asked. */
        TASK
    }

    /** How well the definition is founded. */
    public enum Exactness {
        /** The formula was read in the paper's text or the authors' code. */
        EXACT,
        /** Parts are exact, parts are reconstructed. */
        PARTLY,
        /** The best-supported reading; not to be cited as the paper's own definition. */
        RECON
    }

    /** Checks the id and that nothing is left blank. */
    public AnalysisInfo {
        if (!KEBAB.matcher(id).matches()) {
            throw new DeclarationException("Analysis id '" + id + "' is not in kebab-case, such as head-ablation.");
        }
        requireText(id, "name", name);
        requireText(id, "measures", measures);
        requireText(id, "formula", formula);
        requireText(id, "source", source);
        requireText(id, "exactness note", exactnessNote);
        requireText(id, "cost", cost);
    }

    private static void requireText(String id, String what, String text) {
        if (text.isBlank()) {
            throw new DeclarationException("Analysis '" + id + "' does not say its " + what + ".");
        }
    }

    /**
     * Starts a description.
     *
     * @param id unique name in kebab-case
     * @param name its name, in sentence case
     * @param area where it belongs
     * @return a builder; every part must be given
     */
    public static Builder of(String id, String name, Area area) {
        return new Builder(id, name, area);
    }

    /** Collects the parts of a description. */
    public static final class Builder {
        private final String id;
        private final String name;
        private final Area area;
        private String measures = "";
        private String formula = "";
        private String source = "";
        private Exactness exactness = Exactness.RECON;
        private String exactnessNote = "";
        private String cost = "";
        private String approximates = "";

        private Builder(String id, String name, Area area) {
            this.id = id;
            this.name = name;
            this.area = area;
        }

        /**
         * @param text one sentence on what it measures
         * @return this
         */
        public Builder measures(String text) {
            this.measures = text;
            return this;
        }

        /**
         * @param text the definition
         * @return this
         */
        public Builder formula(String text) {
            this.formula = text;
            return this;
        }

        /**
         * @param text the paper or code it follows
         * @return this
         */
        public Builder source(String text) {
            this.source = text;
            return this;
        }

        /**
         * @param grade how well the definition is founded
         * @param note what is exact and what is not
         * @return this
         */
        public Builder exactness(Exactness grade, String note) {
            this.exactness = grade;
            this.exactnessNote = note;
            return this;
        }

        /**
         * @param text how its cost arises
         * @return this
         */
        public Builder cost(String text) {
            this.cost = text;
            return this;
        }

        /**
         * Says that the values are estimates; leave out where they are what the formula says.
         *
         * @param text the quantity they estimate, such as {@code activation-patch, to first order}
         * @return this
         */
        public Builder approximates(String text) {
            this.approximates = text;
            return this;
        }

        /**
         * {@return the description}
         *
         * @throws DeclarationException when a part is missing
         */
        public AnalysisInfo build() {
            return new AnalysisInfo(
                    id, name, area, measures, formula, source, exactness, exactnessNote, cost, approximates);
        }
    }
}
