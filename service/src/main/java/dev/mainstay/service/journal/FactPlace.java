package dev.mainstay.service.journal;

/// The place of a fact in the order of all facts.
///
/// @param revision the revision its entry led to
/// @param number its number within the entry, from 0
record FactPlace(long revision, long number) implements Comparable<FactPlace> {
    /// Before all facts.
    static final FactPlace START = new FactPlace(-1, -1);

    /// Reads `revision.number`; empty stands for the start.
    static FactPlace parse(String id) {
        if (id.isEmpty()) {
            return START;
        }
        int dot = id.indexOf('.');
        try {
            return new FactPlace(Long.parseLong(id.substring(0, dot)), Long.parseLong(id.substring(dot + 1)));
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            throw new IllegalArgumentException(
                    "'%s' is no place in the journal: it is written as 'revision.number', such as '17.0'."
                            .formatted(id),
                    e);
        }
    }

    @Override
    public int compareTo(FactPlace other) {
        int byRevision = Long.compare(revision, other.revision);
        return byRevision != 0 ? byRevision : Long.compare(number, other.number);
    }

    @Override
    public String toString() {
        return revision + "." + number;
    }
}
