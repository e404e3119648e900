"""Read what OCR has read: ALTO, PAGE and hOCR files, and pictures, which Tesseract reads first."""
