package dev.mainstay.types.check;

import dev.mainstay.spi.ResourceFailure;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.regex.Pattern;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/// Whose certificates a check believes.
///
/// @param anyName whether a certificate may be made out for another name
record Trust(SSLContext context, boolean anyName) {
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|.*:.*");

    /// Believes what the authorities of a PEM file signed.
    static Trust inFile(String resource, Path file) throws ResourceFailure {
        try (var pem = Files.newInputStream(file)) {
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                store.setCertificateEntry("ca-" + number++, certificate);
            }
            if (number == 0) {
                throw new IOException("it contains no certificate");
            }
            var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return new Trust(context(factory.getTrustManagers()), false);
        } catch (IOException | GeneralSecurityException e) {
            throw new ResourceFailure(
                    "reading caFile of '%s': '%s' cannot be used (%s). Put certificates in PEM form there, on every possible owner"
                            .formatted(resource, file, e.getMessage() == null ? e : e.getMessage()),
                    e);
        }
    }

    /// Believes everybody: the page is asked whoever sends it.
    static Trust anybody() throws ResourceFailure {
        try {
            return new Trust(context(new Everybody()), true);
        } catch (GeneralSecurityException e) {
            throw new ResourceFailure("preparing TLS: " + e.getMessage(), e);
        }
    }

    SSLSocketFactory factory() {
        return context.getSocketFactory();
    }

    /// Speaks TLS on a connection with a server of that name, which it is told and its certificate must show.
    ///
    /// @param named a name, or an address
    /// @param anyName whether the certificate may be made out for another name
    static Socket handshake(SSLSocketFactory factory, Socket plain, String named, int port, boolean anyName)
            throws IOException {
        var secured = (SSLSocket) factory.createSocket(plain, named, port, true);
        var wanted = secured.getSSLParameters();
        if (!anyName) {
            wanted.setEndpointIdentificationAlgorithm("HTTPS");
        }
        if (!ADDRESS.matcher(named).matches()) {
            // made of bytes, because its other constructor refuses an underscore
            wanted.setServerNames(List.of(new SNIHostName(named.getBytes(StandardCharsets.UTF_8))));
        }
        secured.setSSLParameters(wanted);
        secured.startHandshake();
        return secured;
    }

    private static SSLContext context(TrustManager... managers) throws GeneralSecurityException {
        var context = SSLContext.getInstance("TLS");
        context.init(null, managers, null);
        return context;
    }

    /// The operator asked for it by `verify: false`, and was warned.
    private static final class Everybody extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
