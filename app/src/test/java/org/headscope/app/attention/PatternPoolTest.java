package org.headscope.app.attention;

import static org.assertj.core.api.Assertions.assertThat;

import org.headscope.app.control.grid.GridValues;
import org.junit.jupiter.api.Test;

class PatternPoolTest {
    @Test
    void shortPatternIsKeptAsItIs() {
        PatternPool pool = new PatternPool(2, 3, 0, 8);
        pool.add(0, 3, new float[] {1, 0, 0, .5f, .5f, 0, .2f, .3f, .5f, 1, 0, 0, 0, 1, 0, 0, 0, 1});

        GridValues first = pool.pictures().get(0);
        assertThat(first.rows()).isEqualTo(3);
        assertThat(first.get(2, 1)).isEqualTo(.3f);
        assertThat(pool.pictures().get(1).get(1, 1)).isEqualTo(1f);
    }

    @Test
    void piecesOfALongPromptJoinAndTheStrongestOfACellIsShown() {
        PatternPool pool = new PatternPool(1, 4, 0, 2);
        pool.add(0, 2, new float[] {1, 0, .4f, .6f});
        pool.add(2, 2, new float[] {.1f, .2f, .7f, 0, .25f, .25f, .25f, .25f});

        GridValues picture = pool.pictures().get(0);
        assertThat(picture.rows()).isEqualTo(2);
        assertThat(picture.get(0, 0)).isEqualTo(1f);
        assertThat(picture.get(0, 1)).isZero();
        assertThat(picture.get(1, 0)).isEqualTo(.25f);
        assertThat(picture.get(1, 1)).isEqualTo(.7f);
    }

    @Test
    void leftOutKeyTakesNoRoomAndNoPartInTheLargest() {
        PatternPool pool = new PatternPool(1, 3, 1, 8);
        pool.add(0, 3, new float[] {1, 0, 0, .6f, .4f, 0, .9f, .06f, .04f});

        GridValues picture = pool.pictures().get(0);
        assertThat(picture.columns()).isEqualTo(2);
        assertThat(picture.get(1, 0)).isEqualTo(.4f);
        assertThat(picture.get(2, 1)).isEqualTo(.04f);
        assertThat(pool.largest()).isEqualTo(.4f);
    }
}
