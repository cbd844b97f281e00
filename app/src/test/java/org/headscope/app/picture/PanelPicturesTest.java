package org.headscope.app.picture;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Curve;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.Table;
import org.headscope.app.control.color.ColorMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PanelPicturesTest {
    private static final int WHITE = 0xffffffff;

    @TempDir
    Path folder;

    @Test
    void everyCellHasTheColourOfItsNumberAndZeroTheMiddleOne() throws IOException {
        double[][] values = {{-2, 0, 1}, {Double.NaN, 2, 0.5}};
        Grid grid = Grid.of(Axis.layers(2), Axis.heads(3), values);
        Panel panel = new HeadGrid("Effect", Quantity.signed("effect", "logits"), grid);

        assertThat(PanelPictures.draw(panel, folder.resolve("grid.png"))).isTrue();

        BufferedImage picture = ImageIO.read(folder.resolve("grid.png").toFile());
        for (int layer = 0; layer < 2; layer++) {
            for (int head = 0; head < 3; head++) {
                // The corner of a cell, where no number is written; pixels are half a unit.
                int color = picture.getRGB(2 * (90 + head * 40 + 37), 2 * (40 + layer * 34 + 31));
                double value = values[layer][head];
                int expected = Double.isNaN(value) ? WHITE : ColorMap.DIVERGING.argb((value + 2) / 4);
                assertThat(color).as("head %d.%d", layer, head).isEqualTo(expected);
            }
        }
    }

    @Test
    void curveGoesThroughItsPoints() throws IOException {
        Curve.Line line = new Curve.Line("a", List.of(0.0, 1.0, 2.0), List.of(0.0, 1.0, 1.0));
        Panel panel = new Curve("Rise", Quantity.unsigned("x", ""), Quantity.unsigned("y", ""), List.of(line));

        assertThat(PanelPictures.draw(panel, folder.resolve("curve.png"))).isTrue();

        BufferedImage picture = ImageIO.read(folder.resolve("curve.png").toFile());
        int middle = picture.getRGB(2 * (60 + 140), 2 * (40 + 140));
        int beside = picture.getRGB(2 * (60 + 140), 2 * (40 + 60));
        assertThat(middle & 0xff).as("blue on the line").isGreaterThan(middle >> 16 & 0xff);
        assertThat(beside).isEqualTo(WHITE);
    }

    @Test
    void panelsWithoutAPictureAreNamed() {
        Panel table = new Table("Numbers", List.of(Table.Column.integer("n")), List.of(List.of(1)));
        Grid grid = Grid.of(Axis.layers(1), Axis.heads(1), new double[][] {{1}});
        Panel heads = new HeadGrid("One head!", Quantity.unsigned("score", ""), grid);

        assertThat(PanelPictures.write(List.of(table, heads), folder)).containsExactly("Numbers");
        assertThat(folder.resolve("02-one-head.png")).isNotEmptyFile();
        assertThat(folder.resolve("01-numbers.png")).doesNotExist();
    }
}
