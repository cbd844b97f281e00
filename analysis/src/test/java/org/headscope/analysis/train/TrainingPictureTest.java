package org.headscope.analysis.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pictures are read back by another program than the one that wrote them. */
class TrainingPictureTest {
    private static final int WHITE = 0xFFFFFF;
    private static final int BLACK = 0;

    @TempDir
    Path folder;

    private BufferedImage draw(String losses, String exams) throws IOException {
        Path picture = folder.resolve("training.png");
        Files.writeString(folder.resolve("loss.csv"), losses);
        Files.writeString(folder.resolve("accuracy.csv"), exams);
        TrainingPicture.draw(folder.resolve("loss.csv"), folder.resolve("accuracy.csv"), picture);
        return read(picture);
    }

    private static BufferedImage read(Path picture) throws IOException {
        return Objects.requireNonNull(ImageIO.read(picture.toFile()));
    }

    private static int color(BufferedImage image, int x, int y) {
        return image.getRGB(x, y) & WHITE;
    }

    /** The middle of what has a colour in a column between two rows. */
    private static double height(BufferedImage image, int color, int x, int top, int bottom) {
        double sum = 0;
        int count = 0;
        for (int y = top; y < bottom; y++) {
            if (color(image, x, y) == color) {
                sum += y;
                count++;
            }
        }
        return sum / count;
    }

    @Test
    void everyDotSurvivesTheFile() throws IOException {
        Canvas canvas = new Canvas(37, 11);
        Random random = new Random(2);
        for (int i = 0; i < 60; i++) {
            canvas.line(
                    random.nextInt(37),
                    random.nextInt(11),
                    random.nextInt(37),
                    random.nextInt(11),
                    random.nextInt(WHITE));
        }
        Path file = folder.resolve("new").resolve("dots.png");
        PngFile.write(canvas, file);
        BufferedImage image = read(file);
        assertThat(image.getWidth()).isEqualTo(37);
        assertThat(image.getHeight()).isEqualTo(11);
        for (int y = 0; y < 11; y++) {
            for (int x = 0; x < 37; x++) {
                assertThat(color(image, x, y)).isEqualTo(canvas.at(x, y));
            }
        }
    }

    @Test
    void aConstantLossIsALineAtTheTopAndAccuraciesGoWhereTheyBelong() throws IOException {
        BufferedImage image = draw(
                "step,row_length,loss\n1,64,5.0\n50,64,5.0\n100,64,5.0\n",
                "step,ioi,repeat\n50,0.5,0.0\n100,0.5,1.0\n");
        assertThat(image.getWidth()).isEqualTo(1400);
        assertThat(image.getHeight()).isEqualTo(900);
        assertThat(height(image, BLACK, 600, 30, 399)).isBetween(39.0, 42.0);
        int ioi = 0x1F77B4;
        int repeat = 0xFF7F0E;
        double one = 470;
        double zero = 850;
        for (int x : new int[] {700, 800, 1100}) {
            assertThat(height(image, ioi, x, 460, 860)).isBetween((one + zero) / 2 - 1, (one + zero) / 2 + 2);
        }
        // Step 75 lies three quarters of the way, where the second task is half way up.
        assertThat(height(image, repeat, 900, 460, 860)).isBetween(640.0, 680.0);
        assertThat(height(image, repeat, 1169, 460, 860)).isBetween(one - 1, one + 2);
    }

    @Test
    void namesOfTasksAreWrittenInTheirColours() throws IOException {
        BufferedImage image = draw("step,row_length,loss\n1,64,5.0\n", "step,ioi\n1,0.5\n");
        StringBuilder letters = new StringBuilder();
        for (int y = 470; y < 484; y += 2) {
            for (int x = 1190; x < 1190 + 2 * 17; x += 2) {
                letters.append(color(image, x, y) == 0x1F77B4 ? '#' : ' ');
            }
            letters.append('\n');
        }
        assertThat(letters)
                .hasToString(
                        """
                          #           #  \s
                                         \s
                         ##    ###   ##  \s
                          #   #   #   #  \s
                          #   #   #   #  \s
                          #   #   #   #  \s
                         ###   ###   ### \s
                        """
                                .replace(" \n", "\n"));
    }

    @Test
    void aFolderWithoutALogGivesAnEmptyPicture() throws IOException {
        Path picture = folder.resolve("empty.png");
        TrainingPicture.draw(folder.resolve("no.csv"), folder.resolve("none.csv"), picture);
        assertThat(color(read(picture), 600, 200)).isEqualTo(WHITE);
    }
}
