package org.headscope.analysis.train;

import java.util.Arrays;

/** Coloured dots to draw on, white at first. What lies outside is left out. */
final class Canvas {
    private static final int WHITE = 0xFFFFFF;
    private static final int PEN = 2;

    private final int width;
    private final int height;
    private final int[] dots;

    Canvas(int width, int height) {
        this.width = width;
        this.height = height;
        this.dots = new int[width * height];
        Arrays.fill(dots, WHITE);
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    /** The colour of a dot, {@code 0xRRGGBB}. */
    int at(int x, int y) {
        return dots[y * width + x];
    }

    /** A line two dots wide. */
    void line(double x1, double y1, double x2, double y2, int color) {
        int steps = (int) Math.ceil(Math.max(Math.abs(x2 - x1), Math.abs(y2 - y1))) + 1;
        for (int i = 0; i <= steps; i++) {
            double part = (double) i / steps;
            fill((int) Math.round(x1 + part * (x2 - x1)), (int) Math.round(y1 + part * (y2 - y1)), PEN, color);
        }
    }

    /** Text in letters of five by seven dots, each dot enlarged; {@code x} and {@code y} are the upper left corner. */
    void text(String text, int x, int y, int color) {
        for (int i = 0; i < text.length(); i++) {
            for (int dot = 0; dot < Letters.WIDTH * Letters.HEIGHT; dot++) {
                int column = dot % Letters.WIDTH;
                int row = dot / Letters.WIDTH;
                if (Letters.dot(text.charAt(i), column, row)) {
                    fill(x + PEN * (i * (Letters.WIDTH + 1) + column), y + PEN * row, PEN, color);
                }
            }
        }
    }

    private void fill(int x, int y, int size, int color) {
        for (int row = Math.max(0, y); row < Math.min(height, y + size); row++) {
            for (int column = Math.max(0, x); column < Math.min(width, x + size); column++) {
                dots[row * width + column] = color;
            }
        }
    }
}
