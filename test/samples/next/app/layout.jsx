export default function Layout({ children }) {
  return (
    <html lang="en">
      <head>
        <title>Wiki</title>
      </head>
      <body>{children}</body>
    </html>
  );
}
