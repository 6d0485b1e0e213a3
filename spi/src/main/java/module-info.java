/// What the author of a resource type compiles against; it depends on nothing but the JDK.
module dev.mainstay.spi {
    requires static transitive org.jspecify;

    exports dev.mainstay.spi;

    uses dev.mainstay.spi.ResourceType;
}
