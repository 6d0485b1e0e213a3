package dev.mainstay.cli.screen;

import dev.mainstay.protocol.PlainText;
/// Lines `name  value`; empty values are left out.

record Facts(Terminal terminal) {
    private static final int NAME_WIDTH = 16;

    void add(String name, String value) {
        if (!value.isEmpty()) {
            var shown = PlainText.oneLine(value);
            terminal.line(
                    name + " ".repeat(NAME_WIDTH - name.length()) + (terminal.colour() ? Text.coloured(shown) : shown));
        }
    }
}
